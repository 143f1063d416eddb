from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.run_event_state import check_run_event_state
from ..models.run_event_state import RunEventState
from ..models.run_event_type import check_run_event_type
from ..models.run_event_type import RunEventType
from typing import cast
import datetime


T = TypeVar("T", bound="RunEvent")


@_attrs_define
class RunEvent:
    seq: int
    """ Rises within the run; the id of the event in the stream. """
    at: datetime.datetime
    type_: RunEventType
    task_id: None | str
    map_index: int | None
    state: RunEventState
    reason: None | str
    map_length: int | None

    def to_dict(self) -> dict[str, Any]:
        seq = self.seq

        at = self.at.isoformat()

        type_: str = self.type_

        task_id: None | str
        task_id = self.task_id

        map_index: int | None
        map_index = self.map_index

        state: str = self.state

        reason: None | str
        reason = self.reason

        map_length: int | None
        map_length = self.map_length

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "seq": seq,
                "at": at,
                "type": type_,
                "taskId": task_id,
                "mapIndex": map_index,
                "state": state,
                "reason": reason,
                "mapLength": map_length,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        seq = d.pop("seq")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        type_ = check_run_event_type(d.pop("type"))

        def _parse_task_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        task_id = _parse_task_id(d.pop("taskId"))

        def _parse_map_index(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        map_index = _parse_map_index(d.pop("mapIndex"))

        state = check_run_event_state(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_map_length(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        map_length = _parse_map_length(d.pop("mapLength"))

        run_event = cls(
            seq=seq,
            at=at,
            type_=type_,
            task_id=task_id,
            map_index=map_index,
            state=state,
            reason=reason,
            map_length=map_length,
        )

        return run_event
