from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.diff_side_kind import check_diff_side_kind
from ..models.diff_side_kind import DiffSideKind
from typing import cast


T = TypeVar("T", bound="DiffSide")


@_attrs_define
class DiffSide:
    kind: DiffSideKind
    ref: None | str
    """ Slug or id; null for a bundle. """

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        ref: None | str
        ref = self.ref

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "ref": ref,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_diff_side_kind(d.pop("kind"))

        def _parse_ref(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ref = _parse_ref(d.pop("ref"))

        diff_side = cls(
            kind=kind,
            ref=ref,
        )

        return diff_side
