from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.attempt_state import AttemptState
from ..models.attempt_state import check_attempt_state
from ..models.attempt_way import AttemptWay
from ..models.attempt_way import check_attempt_way
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.attempt_error_type_0 import AttemptErrorType0


T = TypeVar("T", bound="Attempt")


@_attrs_define
class Attempt:
    id: str
    task_id: str
    """ Id of the task in the pipeline. """
    map_index: int
    """ Place in the list that the task is mapped over; -1 where it is not mapped. """
    fence: int
    """ Rises with each lease of the instance; only the newest can end it. """
    try_: int
    state: AttemptState
    reason: None | str
    max_tries: int
    error: AttemptErrorType0 | None
    """ What the code of the task threw. """
    retryable: bool | None
    pool_id: str
    runner_id: None | str
    size: str
    tier: None | str
    """ Isolation tier of the runner. """
    way: AttemptWay
    """ How it, or the first attempt of its stretch, reached the runner. """
    stretch_id: None | str
    """ First attempt of the stretch that the runner executed back to back; null for that one itself. """
    accepted_at: datetime.datetime | None
    """ Its instance became ready. """
    leased_at: datetime.datetime
    """ It was promised to a runner. """
    offered_at: datetime.datetime | None
    """ It was pushed to its runner; null where the runner asked for it. """
    started_at: datetime.datetime | None
    """ The code of the task began. """
    ended_at: datetime.datetime | None
    committed_at: datetime.datetime | None
    """ Its end was accepted and is durable. """
    wall_ms: int | None
    cpu_ms: int | None
    peak_rss_bytes: int | None
    output_bytes: int | None

    def to_dict(self) -> dict[str, Any]:
        from ..models.attempt_error_type_0 import AttemptErrorType0  # noqa: PLC0415

        id = self.id

        task_id = self.task_id

        map_index = self.map_index

        fence = self.fence

        try_ = self.try_

        state: str = self.state

        reason: None | str
        reason = self.reason

        max_tries = self.max_tries

        error: dict[str, Any] | None
        if isinstance(self.error, AttemptErrorType0):
            error = self.error.to_dict()
        else:
            error = self.error

        retryable: bool | None
        retryable = self.retryable

        pool_id = self.pool_id

        runner_id: None | str
        runner_id = self.runner_id

        size = self.size

        tier: None | str
        tier = self.tier

        way: str = self.way

        stretch_id: None | str
        stretch_id = self.stretch_id

        accepted_at: None | str
        if isinstance(self.accepted_at, datetime.datetime):
            accepted_at = self.accepted_at.isoformat()
        else:
            accepted_at = self.accepted_at

        leased_at = self.leased_at.isoformat()

        offered_at: None | str
        if isinstance(self.offered_at, datetime.datetime):
            offered_at = self.offered_at.isoformat()
        else:
            offered_at = self.offered_at

        started_at: None | str
        if isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        committed_at: None | str
        if isinstance(self.committed_at, datetime.datetime):
            committed_at = self.committed_at.isoformat()
        else:
            committed_at = self.committed_at

        wall_ms: int | None
        wall_ms = self.wall_ms

        cpu_ms: int | None
        cpu_ms = self.cpu_ms

        peak_rss_bytes: int | None
        peak_rss_bytes = self.peak_rss_bytes

        output_bytes: int | None
        output_bytes = self.output_bytes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "taskId": task_id,
                "mapIndex": map_index,
                "fence": fence,
                "try": try_,
                "state": state,
                "reason": reason,
                "maxTries": max_tries,
                "error": error,
                "retryable": retryable,
                "poolId": pool_id,
                "runnerId": runner_id,
                "size": size,
                "tier": tier,
                "way": way,
                "stretchId": stretch_id,
                "acceptedAt": accepted_at,
                "leasedAt": leased_at,
                "offeredAt": offered_at,
                "startedAt": started_at,
                "endedAt": ended_at,
                "committedAt": committed_at,
                "wallMs": wall_ms,
                "cpuMs": cpu_ms,
                "peakRssBytes": peak_rss_bytes,
                "outputBytes": output_bytes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attempt_error_type_0 import AttemptErrorType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        fence = d.pop("fence")

        try_ = d.pop("try")

        state = check_attempt_state(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        max_tries = d.pop("maxTries")

        def _parse_error(data: object) -> AttemptErrorType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = AttemptErrorType0.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AttemptErrorType0 | None, data)

        error = _parse_error(d.pop("error"))

        def _parse_retryable(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        retryable = _parse_retryable(d.pop("retryable"))

        pool_id = d.pop("poolId")

        def _parse_runner_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        runner_id = _parse_runner_id(d.pop("runnerId"))

        size = d.pop("size")

        def _parse_tier(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        tier = _parse_tier(d.pop("tier"))

        way = check_attempt_way(d.pop("way"))

        def _parse_stretch_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stretch_id = _parse_stretch_id(d.pop("stretchId"))

        def _parse_accepted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                accepted_at_type_0 = datetime.datetime.fromisoformat(data)

                return accepted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        accepted_at = _parse_accepted_at(d.pop("acceptedAt"))

        leased_at = datetime.datetime.fromisoformat(d.pop("leasedAt"))

        def _parse_offered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                offered_at_type_0 = datetime.datetime.fromisoformat(data)

                return offered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        offered_at = _parse_offered_at(d.pop("offeredAt"))

        def _parse_started_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        started_at = _parse_started_at(d.pop("startedAt"))

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

        def _parse_committed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                committed_at_type_0 = datetime.datetime.fromisoformat(data)

                return committed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        committed_at = _parse_committed_at(d.pop("committedAt"))

        def _parse_wall_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        wall_ms = _parse_wall_ms(d.pop("wallMs"))

        def _parse_cpu_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        cpu_ms = _parse_cpu_ms(d.pop("cpuMs"))

        def _parse_peak_rss_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        peak_rss_bytes = _parse_peak_rss_bytes(d.pop("peakRssBytes"))

        def _parse_output_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        output_bytes = _parse_output_bytes(d.pop("outputBytes"))

        attempt = cls(
            id=id,
            task_id=task_id,
            map_index=map_index,
            fence=fence,
            try_=try_,
            state=state,
            reason=reason,
            max_tries=max_tries,
            error=error,
            retryable=retryable,
            pool_id=pool_id,
            runner_id=runner_id,
            size=size,
            tier=tier,
            way=way,
            stretch_id=stretch_id,
            accepted_at=accepted_at,
            leased_at=leased_at,
            offered_at=offered_at,
            started_at=started_at,
            ended_at=ended_at,
            committed_at=committed_at,
            wall_ms=wall_ms,
            cpu_ms=cpu_ms,
            peak_rss_bytes=peak_rss_bytes,
            output_bytes=output_bytes,
        )

        return attempt
