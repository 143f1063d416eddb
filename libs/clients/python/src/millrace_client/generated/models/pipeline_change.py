from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.pipeline_change_change import check_pipeline_change_change
from ..models.pipeline_change_change import PipelineChangeChange
from typing import cast

if TYPE_CHECKING:
    from ..models.dependency_change import DependencyChange
    from ..models.field_change import FieldChange
    from ..models.file_change import FileChange
    from ..models.pipeline_change_from_type_0 import PipelineChangeFromType0
    from ..models.pipeline_change_to_type_0 import PipelineChangeToType0
    from ..models.task_change import TaskChange


T = TypeVar("T", bound="PipelineChange")


@_attrs_define
class PipelineChange:
    pipeline: str
    change: PipelineChangeChange
    from_: None | PipelineChangeFromType0
    """ The version before; null where there is none. """
    to: None | PipelineChangeToType0
    """ The version after; null where there is none, or where a bundle has not become one yet. """
    fields: list[FieldChange]
    """ Fields outside of the tasks. Lists are compared as a whole. """
    tasks: list[TaskChange]
    files: list[FileChange]
    """ Files of the bundle that differ, at most 200. """
    files_changed: int
    """ How many files of the bundle differ. """
    dependencies: list[DependencyChange]

    def to_dict(self) -> dict[str, Any]:
        from ..models.pipeline_change_from_type_0 import PipelineChangeFromType0  # noqa: PLC0415
        from ..models.pipeline_change_to_type_0 import PipelineChangeToType0  # noqa: PLC0415

        pipeline = self.pipeline

        change: str = self.change

        from_: dict[str, Any] | None
        if isinstance(self.from_, PipelineChangeFromType0):
            from_ = self.from_.to_dict()
        else:
            from_ = self.from_

        to: dict[str, Any] | None
        if isinstance(self.to, PipelineChangeToType0):
            to = self.to.to_dict()
        else:
            to = self.to

        fields = []
        for fields_item_data in self.fields:
            fields_item = fields_item_data.to_dict()
            fields.append(fields_item)

        tasks = []
        for tasks_item_data in self.tasks:
            tasks_item = tasks_item_data.to_dict()
            tasks.append(tasks_item)

        files = []
        for files_item_data in self.files:
            files_item = files_item_data.to_dict()
            files.append(files_item)

        files_changed = self.files_changed

        dependencies = []
        for dependencies_item_data in self.dependencies:
            dependencies_item = dependencies_item_data.to_dict()
            dependencies.append(dependencies_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "pipeline": pipeline,
                "change": change,
                "from": from_,
                "to": to,
                "fields": fields,
                "tasks": tasks,
                "files": files,
                "filesChanged": files_changed,
                "dependencies": dependencies,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dependency_change import DependencyChange  # noqa: PLC0415
        from ..models.field_change import FieldChange  # noqa: PLC0415
        from ..models.file_change import FileChange  # noqa: PLC0415
        from ..models.pipeline_change_from_type_0 import PipelineChangeFromType0  # noqa: PLC0415
        from ..models.pipeline_change_to_type_0 import PipelineChangeToType0  # noqa: PLC0415
        from ..models.task_change import TaskChange  # noqa: PLC0415

        d = dict(src_dict)
        pipeline = d.pop("pipeline")

        change = check_pipeline_change_change(d.pop("change"))

        def _parse_from_(data: object) -> None | PipelineChangeFromType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                from_type_0 = PipelineChangeFromType0.from_dict(data)

                return from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PipelineChangeFromType0, data)

        from_ = _parse_from_(d.pop("from"))

        def _parse_to(data: object) -> None | PipelineChangeToType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                to_type_0 = PipelineChangeToType0.from_dict(data)

                return to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PipelineChangeToType0, data)

        to = _parse_to(d.pop("to"))

        fields = []
        _fields = d.pop("fields")
        for fields_item_data in _fields:
            fields_item = FieldChange.from_dict(fields_item_data)

            fields.append(fields_item)

        tasks = []
        _tasks = d.pop("tasks")
        for tasks_item_data in _tasks:
            tasks_item = TaskChange.from_dict(tasks_item_data)

            tasks.append(tasks_item)

        files = []
        _files = d.pop("files")
        for files_item_data in _files:
            files_item = FileChange.from_dict(files_item_data)

            files.append(files_item)

        files_changed = d.pop("filesChanged")

        dependencies = []
        _dependencies = d.pop("dependencies")
        for dependencies_item_data in _dependencies:
            dependencies_item = DependencyChange.from_dict(dependencies_item_data)

            dependencies.append(dependencies_item)

        pipeline_change = cls(
            pipeline=pipeline,
            change=change,
            from_=from_,
            to=to,
            fields=fields,
            tasks=tasks,
            files=files,
            files_changed=files_changed,
            dependencies=dependencies,
        )

        return pipeline_change
