from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.timeline_entry_state import check_timeline_entry_state
from ..models.timeline_entry_state import TimelineEntryState
from ..models.timeline_entry_way import check_timeline_entry_way
from ..models.timeline_entry_way import TimelineEntryWay
from typing import cast
import datetime


T = TypeVar("T", bound="TimelineEntry")


@_attrs_define
class TimelineEntry:
    id: str
    task_id: str
    """ Id of the task in the pipeline. """
    map_index: int
    """ Place in the list that the task is mapped over; -1 where it is not mapped. """
    fence: int
    """ Rises with each lease of the instance; only the newest can end it. """
    try_: int
    state: TimelineEntryState
    reason: None | str
    runner_id: None | str
    way: TimelineEntryWay
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

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        task_id = self.task_id

        map_index = self.map_index

        fence = self.fence

        try_ = self.try_

        state: str = self.state

        reason: None | str
        reason = self.reason

        runner_id: None | str
        runner_id = self.runner_id

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
                "runnerId": runner_id,
                "way": way,
                "stretchId": stretch_id,
                "acceptedAt": accepted_at,
                "leasedAt": leased_at,
                "offeredAt": offered_at,
                "startedAt": started_at,
                "endedAt": ended_at,
                "committedAt": committed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        fence = d.pop("fence")

        try_ = d.pop("try")

        state = check_timeline_entry_state(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_runner_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        runner_id = _parse_runner_id(d.pop("runnerId"))

        way = check_timeline_entry_way(d.pop("way"))

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

        timeline_entry = cls(
            id=id,
            task_id=task_id,
            map_index=map_index,
            fence=fence,
            try_=try_,
            state=state,
            reason=reason,
            runner_id=runner_id,
            way=way,
            stretch_id=stretch_id,
            accepted_at=accepted_at,
            leased_at=leased_at,
            offered_at=offered_at,
            started_at=started_at,
            ended_at=ended_at,
            committed_at=committed_at,
        )

        return timeline_entry
