from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.field_change_change import check_field_change_change
from ..models.field_change_change import FieldChangeChange


T = TypeVar("T", bound="FieldChange")


@_attrs_define
class FieldChange:
    path: str
    """ JSON Pointer into the definition. """
    change: FieldChangeChange
    from_: Any
    """ Null where it was added. """
    to: Any
    """ Null where it was removed. """

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        change: str = self.change

        from_ = self.from_

        to = self.to

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "change": change,
                "from": from_,
                "to": to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        change = check_field_change_change(d.pop("change"))

        from_ = d.pop("from")

        to = d.pop("to")

        field_change = cls(
            path=path,
            change=change,
            from_=from_,
            to=to,
        )

        return field_change
