from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.log_gap import LogGap


T = TypeVar("T", bound="MissingLogLines")


@_attrs_define
class MissingLogLines:
    gap: LogGap

    def to_dict(self) -> dict[str, Any]:
        gap = self.gap.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "gap": gap,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.log_gap import LogGap  # noqa: PLC0415

        d = dict(src_dict)
        gap = LogGap.from_dict(d.pop("gap"))

        missing_log_lines = cls(
            gap=gap,
        )

        return missing_log_lines
