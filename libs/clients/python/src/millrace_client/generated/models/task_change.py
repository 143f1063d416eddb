from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.task_change_change import check_task_change_change
from ..models.task_change_change import TaskChangeChange

if TYPE_CHECKING:
    from ..models.field_change import FieldChange


T = TypeVar("T", bound="TaskChange")


@_attrs_define
class TaskChange:
    task: str
    change: TaskChangeChange
    fields: list[FieldChange]
    code_changed: bool
    """ The file that it runs differs; for compiled code, anything that it imports from the bundle. """

    def to_dict(self) -> dict[str, Any]:
        task = self.task

        change: str = self.change

        fields = []
        for fields_item_data in self.fields:
            fields_item = fields_item_data.to_dict()
            fields.append(fields_item)

        code_changed = self.code_changed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "task": task,
                "change": change,
                "fields": fields,
                "codeChanged": code_changed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.field_change import FieldChange  # noqa: PLC0415

        d = dict(src_dict)
        task = d.pop("task")

        change = check_task_change_change(d.pop("change"))

        fields = []
        _fields = d.pop("fields")
        for fields_item_data in _fields:
            fields_item = FieldChange.from_dict(fields_item_data)

            fields.append(fields_item)

        code_changed = d.pop("codeChanged")

        task_change = cls(
            task=task,
            change=change,
            fields=fields,
            code_changed=code_changed,
        )

        return task_change
