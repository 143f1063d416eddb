from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="ReadinessMissingItem")


@_attrs_define
class ReadinessMissingItem:
    part: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        part = self.part

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "part": part,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        part = d.pop("part")

        reason = d.pop("reason")

        readiness_missing_item = cls(
            part=part,
            reason=reason,
        )

        return readiness_missing_item
