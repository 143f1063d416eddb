from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.alert_event import AlertEvent
from ..models.alert_event import check_alert_event
from ..models.alert_state import AlertState
from ..models.alert_state import check_alert_state
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.alert_cause import AlertCause
    from ..models.money import Money


T = TypeVar("T", bound="Alert")


@_attrs_define
class Alert:
    id: str
    event: AlertEvent
    state: AlertState
    environment: str
    pipeline_id: str
    pipeline: str
    version: int
    """ Number of the version of the newest failure. """
    owner: None | str
    """ Who deployed that version: an e-mail address, or the name of an API key. """
    cause: AlertCause
    count: int
    """ Failed task instances so far; of a missed deadline, runs. """
    run_count: int
    """ Runs that they were in. """
    wasted: Money
    run_ids: list[str]
    """ Up to five of the runs: the first ones and the newest. """
    first_seen_at: datetime.datetime
    last_seen_at: datetime.datetime
    recovered_at: datetime.datetime | None
    recovered_by: None | str
    """ The run that succeeded. """
    messages: int
    """ How often people were told that it goes on. """
    told_at: datetime.datetime | None
    next_message_at: datetime.datetime | None
    """ Null where there is nothing new to tell. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        event: str = self.event

        state: str = self.state

        environment = self.environment

        pipeline_id = self.pipeline_id

        pipeline = self.pipeline

        version = self.version

        owner: None | str
        owner = self.owner

        cause = self.cause.to_dict()

        count = self.count

        run_count = self.run_count

        wasted = self.wasted.to_dict()

        run_ids = self.run_ids

        first_seen_at = self.first_seen_at.isoformat()

        last_seen_at = self.last_seen_at.isoformat()

        recovered_at: None | str
        if isinstance(self.recovered_at, datetime.datetime):
            recovered_at = self.recovered_at.isoformat()
        else:
            recovered_at = self.recovered_at

        recovered_by: None | str
        recovered_by = self.recovered_by

        messages = self.messages

        told_at: None | str
        if isinstance(self.told_at, datetime.datetime):
            told_at = self.told_at.isoformat()
        else:
            told_at = self.told_at

        next_message_at: None | str
        if isinstance(self.next_message_at, datetime.datetime):
            next_message_at = self.next_message_at.isoformat()
        else:
            next_message_at = self.next_message_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "event": event,
                "state": state,
                "environment": environment,
                "pipelineId": pipeline_id,
                "pipeline": pipeline,
                "version": version,
                "owner": owner,
                "cause": cause,
                "count": count,
                "runCount": run_count,
                "wasted": wasted,
                "runIds": run_ids,
                "firstSeenAt": first_seen_at,
                "lastSeenAt": last_seen_at,
                "recoveredAt": recovered_at,
                "recoveredBy": recovered_by,
                "messages": messages,
                "toldAt": told_at,
                "nextMessageAt": next_message_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alert_cause import AlertCause  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        event = check_alert_event(d.pop("event"))

        state = check_alert_state(d.pop("state"))

        environment = d.pop("environment")

        pipeline_id = d.pop("pipelineId")

        pipeline = d.pop("pipeline")

        version = d.pop("version")

        def _parse_owner(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        owner = _parse_owner(d.pop("owner"))

        cause = AlertCause.from_dict(d.pop("cause"))

        count = d.pop("count")

        run_count = d.pop("runCount")

        wasted = Money.from_dict(d.pop("wasted"))

        run_ids = cast(list[str], d.pop("runIds"))

        first_seen_at = datetime.datetime.fromisoformat(d.pop("firstSeenAt"))

        last_seen_at = datetime.datetime.fromisoformat(d.pop("lastSeenAt"))

        def _parse_recovered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                recovered_at_type_0 = datetime.datetime.fromisoformat(data)

                return recovered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        recovered_at = _parse_recovered_at(d.pop("recoveredAt"))

        def _parse_recovered_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recovered_by = _parse_recovered_by(d.pop("recoveredBy"))

        messages = d.pop("messages")

        def _parse_told_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                told_at_type_0 = datetime.datetime.fromisoformat(data)

                return told_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        told_at = _parse_told_at(d.pop("toldAt"))

        def _parse_next_message_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_message_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_message_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_message_at = _parse_next_message_at(d.pop("nextMessageAt"))

        alert = cls(
            id=id,
            event=event,
            state=state,
            environment=environment,
            pipeline_id=pipeline_id,
            pipeline=pipeline,
            version=version,
            owner=owner,
            cause=cause,
            count=count,
            run_count=run_count,
            wasted=wasted,
            run_ids=run_ids,
            first_seen_at=first_seen_at,
            last_seen_at=last_seen_at,
            recovered_at=recovered_at,
            recovered_by=recovered_by,
            messages=messages,
            told_at=told_at,
            next_message_at=next_message_at,
        )

        return alert
