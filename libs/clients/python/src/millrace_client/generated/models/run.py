from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.run_state import check_run_state
from ..models.run_state import RunState
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.run_params import RunParams
    from ..models.run_tasks import RunTasks


T = TypeVar("T", bound="Run")


@_attrs_define
class Run:
    id: str
    environment_id: str
    environment: str
    """ Slug of the environment. """
    pipeline_id: str
    pipeline: str
    """ Name of the pipeline. """
    version_id: str
    version: int
    """ Number of the version; a run keeps the one it began with. """
    state: RunState
    reason: None | str
    """ Why, in one machine-readable word: `task_failed`, `platform_fault` … """
    trigger: str
    created_by: str
    params: RunParams
    """ Defaults filled in. `GET …/params` gives the text with every digit. """
    tasks: RunTasks
    """ Tasks by state; a mapped task counts once. """
    created_at: datetime.datetime
    started_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    cancel_requested_at: datetime.datetime | None
    cancel_requested_by: None | str

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        environment_id = self.environment_id

        environment = self.environment

        pipeline_id = self.pipeline_id

        pipeline = self.pipeline

        version_id = self.version_id

        version = self.version

        state: str = self.state

        reason: None | str
        reason = self.reason

        trigger = self.trigger

        created_by = self.created_by

        params = self.params.to_dict()

        tasks = self.tasks.to_dict()

        created_at = self.created_at.isoformat()

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

        cancel_requested_at: None | str
        if isinstance(self.cancel_requested_at, datetime.datetime):
            cancel_requested_at = self.cancel_requested_at.isoformat()
        else:
            cancel_requested_at = self.cancel_requested_at

        cancel_requested_by: None | str
        cancel_requested_by = self.cancel_requested_by

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "environmentId": environment_id,
                "environment": environment,
                "pipelineId": pipeline_id,
                "pipeline": pipeline,
                "versionId": version_id,
                "version": version,
                "state": state,
                "reason": reason,
                "trigger": trigger,
                "createdBy": created_by,
                "params": params,
                "tasks": tasks,
                "createdAt": created_at,
                "startedAt": started_at,
                "endedAt": ended_at,
                "cancelRequestedAt": cancel_requested_at,
                "cancelRequestedBy": cancel_requested_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_params import RunParams  # noqa: PLC0415
        from ..models.run_tasks import RunTasks  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        environment_id = d.pop("environmentId")

        environment = d.pop("environment")

        pipeline_id = d.pop("pipelineId")

        pipeline = d.pop("pipeline")

        version_id = d.pop("versionId")

        version = d.pop("version")

        state = check_run_state(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        trigger = d.pop("trigger")

        created_by = d.pop("createdBy")

        params = RunParams.from_dict(d.pop("params"))

        tasks = RunTasks.from_dict(d.pop("tasks"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

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

        def _parse_cancel_requested_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cancel_requested_at_type_0 = datetime.datetime.fromisoformat(data)

                return cancel_requested_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        cancel_requested_at = _parse_cancel_requested_at(d.pop("cancelRequestedAt"))

        def _parse_cancel_requested_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cancel_requested_by = _parse_cancel_requested_by(d.pop("cancelRequestedBy"))

        run = cls(
            id=id,
            environment_id=environment_id,
            environment=environment,
            pipeline_id=pipeline_id,
            pipeline=pipeline,
            version_id=version_id,
            version=version,
            state=state,
            reason=reason,
            trigger=trigger,
            created_by=created_by,
            params=params,
            tasks=tasks,
            created_at=created_at,
            started_at=started_at,
            ended_at=ended_at,
            cancel_requested_at=cancel_requested_at,
            cancel_requested_by=cancel_requested_by,
        )

        return run
