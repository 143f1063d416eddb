from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.runner_state import check_runner_state
from ..models.runner_state import RunnerState
from typing import cast
import datetime


T = TypeVar("T", bound="Runner")


@_attrs_define
class Runner:
    id: str
    state: RunnerState
    pid: int | None
    uid: int | None
    """ Operating-system user of the process: one for each pool. """
    host: str
    tier: str
    """ How well its machine isolates; `unknown` until it has connected. """
    slots: int
    leases: int
    """ Task attempts that it holds now. """
    version: str
    started_at: datetime.datetime
    connected_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    end_reason: None | str

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        state: str = self.state

        pid: int | None
        pid = self.pid

        uid: int | None
        uid = self.uid

        host = self.host

        tier = self.tier

        slots = self.slots

        leases = self.leases

        version = self.version

        started_at = self.started_at.isoformat()

        connected_at: None | str
        if isinstance(self.connected_at, datetime.datetime):
            connected_at = self.connected_at.isoformat()
        else:
            connected_at = self.connected_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        end_reason: None | str
        end_reason = self.end_reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "state": state,
                "pid": pid,
                "uid": uid,
                "host": host,
                "tier": tier,
                "slots": slots,
                "leases": leases,
                "version": version,
                "startedAt": started_at,
                "connectedAt": connected_at,
                "endedAt": ended_at,
                "endReason": end_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        state = check_runner_state(d.pop("state"))

        def _parse_pid(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        pid = _parse_pid(d.pop("pid"))

        def _parse_uid(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        uid = _parse_uid(d.pop("uid"))

        host = d.pop("host")

        tier = d.pop("tier")

        slots = d.pop("slots")

        leases = d.pop("leases")

        version = d.pop("version")

        started_at = datetime.datetime.fromisoformat(d.pop("startedAt"))

        def _parse_connected_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                connected_at_type_0 = datetime.datetime.fromisoformat(data)

                return connected_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        connected_at = _parse_connected_at(d.pop("connectedAt"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("endedAt"))

        def _parse_end_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        end_reason = _parse_end_reason(d.pop("endReason"))

        runner = cls(
            id=id,
            state=state,
            pid=pid,
            uid=uid,
            host=host,
            tier=tier,
            slots=slots,
            leases=leases,
            version=version,
            started_at=started_at,
            connected_at=connected_at,
            ended_at=ended_at,
            end_reason=end_reason,
        )

        return runner
