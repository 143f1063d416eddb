from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.file_change_change import check_file_change_change
from ..models.file_change_change import FileChangeChange


T = TypeVar("T", bound="FileChange")


@_attrs_define
class FileChange:
    path: str
    change: FileChangeChange

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        change: str = self.change

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "change": change,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        change = check_file_change_change(d.pop("change"))

        file_change = cls(
            path=path,
            change=change,
        )

        return file_change
