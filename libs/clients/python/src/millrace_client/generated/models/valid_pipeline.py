from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="ValidPipeline")


@_attrs_define
class ValidPipeline:
    pipeline: str
    file: None | str
    tasks: int

    def to_dict(self) -> dict[str, Any]:
        pipeline = self.pipeline

        file: None | str
        file = self.file

        tasks = self.tasks

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "pipeline": pipeline,
                "file": file,
                "tasks": tasks,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pipeline = d.pop("pipeline")

        def _parse_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        file = _parse_file(d.pop("file"))

        tasks = d.pop("tasks")

        valid_pipeline = cls(
            pipeline=pipeline,
            file=file,
            tasks=tasks,
        )

        return valid_pipeline
