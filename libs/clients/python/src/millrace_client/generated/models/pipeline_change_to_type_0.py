from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="PipelineChangeToType0")


@_attrs_define
class PipelineChangeToType0:
    version_id: str
    number: int

    def to_dict(self) -> dict[str, Any]:
        version_id = self.version_id

        number = self.number

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "versionId": version_id,
                "number": number,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version_id = d.pop("versionId")

        number = d.pop("number")

        pipeline_change_to_type_0 = cls(
            version_id=version_id,
            number=number,
        )

        return pipeline_change_to_type_0
