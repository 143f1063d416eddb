from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.task_instance_state import check_task_instance_state
from ..models.task_instance_state import TaskInstanceState
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.task_instance_instances_type_0 import TaskInstanceInstancesType0


T = TypeVar("T", bound="TaskInstance")


@_attrs_define
class TaskInstance:
    task_id: str
    """ Id of the task in the pipeline. """
    map_index: int
    """ Place in the list that the task is mapped over; -1 where it is not mapped. """
    state: TaskInstanceState
    reason: None | str
    pool_id: None | str
    map_length: int | None
    """ For a mapped task as a whole: how many instances it has. """
    instances: None | TaskInstanceInstancesType0
    """ For a mapped task as a whole. """
    tries: int
    """ Tries of the retry policy that were begun. """
    dispatches: int
    """ Tries, and repeats that were the fault of the platform. """
    queued_at: datetime.datetime | None
    started_at: datetime.datetime | None
    ended_at: datetime.datetime | None

    def to_dict(self) -> dict[str, Any]:
        from ..models.task_instance_instances_type_0 import TaskInstanceInstancesType0  # noqa: PLC0415

        task_id = self.task_id

        map_index = self.map_index

        state: str = self.state

        reason: None | str
        reason = self.reason

        pool_id: None | str
        pool_id = self.pool_id

        map_length: int | None
        map_length = self.map_length

        instances: dict[str, Any] | None
        if isinstance(self.instances, TaskInstanceInstancesType0):
            instances = self.instances.to_dict()
        else:
            instances = self.instances

        tries = self.tries

        dispatches = self.dispatches

        queued_at: None | str
        if isinstance(self.queued_at, datetime.datetime):
            queued_at = self.queued_at.isoformat()
        else:
            queued_at = self.queued_at

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

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "taskId": task_id,
                "mapIndex": map_index,
                "state": state,
                "reason": reason,
                "poolId": pool_id,
                "mapLength": map_length,
                "instances": instances,
                "tries": tries,
                "dispatches": dispatches,
                "queuedAt": queued_at,
                "startedAt": started_at,
                "endedAt": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.task_instance_instances_type_0 import TaskInstanceInstancesType0  # noqa: PLC0415

        d = dict(src_dict)
        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        state = check_task_instance_state(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_pool_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        pool_id = _parse_pool_id(d.pop("poolId"))

        def _parse_map_length(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        map_length = _parse_map_length(d.pop("mapLength"))

        def _parse_instances(data: object) -> None | TaskInstanceInstancesType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                instances_type_0 = TaskInstanceInstancesType0.from_dict(data)

                return instances_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TaskInstanceInstancesType0, data)

        instances = _parse_instances(d.pop("instances"))

        tries = d.pop("tries")

        dispatches = d.pop("dispatches")

        def _parse_queued_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                queued_at_type_0 = datetime.datetime.fromisoformat(data)

                return queued_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        queued_at = _parse_queued_at(d.pop("queuedAt"))

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

        task_instance = cls(
            task_id=task_id,
            map_index=map_index,
            state=state,
            reason=reason,
            pool_id=pool_id,
            map_length=map_length,
            instances=instances,
            tries=tries,
            dispatches=dispatches,
            queued_at=queued_at,
            started_at=started_at,
            ended_at=ended_at,
        )

        return task_instance
