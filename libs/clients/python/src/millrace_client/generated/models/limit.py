from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="Limit")


@_attrs_define
class Limit:
    name: str
    max_: int | str
    used: int | None
    """ Null where nothing is counted: the limit holds for each single thing. """
    unit: str

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        max_: int | str
        max_ = self.max_

        used: int | None
        used = self.used

        unit = self.unit

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "max": max_,
                "used": used,
                "unit": unit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        def _parse_max_(data: object) -> int | str:
            return cast(int | str, data)

        max_ = _parse_max_(d.pop("max"))

        def _parse_used(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        used = _parse_used(d.pop("used"))

        unit = d.pop("unit")

        limit = cls(
            name=name,
            max_=max_,
            used=used,
            unit=unit,
        )

        return limit
