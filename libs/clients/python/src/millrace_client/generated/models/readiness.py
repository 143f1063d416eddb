from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.readiness_missing_item import ReadinessMissingItem


T = TypeVar("T", bound="Readiness")


@_attrs_define
class Readiness:
    ready: bool
    missing: list[ReadinessMissingItem]

    def to_dict(self) -> dict[str, Any]:
        ready = self.ready

        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ready": ready,
                "missing": missing,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.readiness_missing_item import ReadinessMissingItem  # noqa: PLC0415

        d = dict(src_dict)
        ready = d.pop("ready")

        missing = []
        _missing = d.pop("missing")
        for missing_item_data in _missing:
            missing_item = ReadinessMissingItem.from_dict(missing_item_data)

            missing.append(missing_item)

        readiness = cls(
            ready=ready,
            missing=missing,
        )

        return readiness
