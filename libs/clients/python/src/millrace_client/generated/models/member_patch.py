from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.member_patch_role import check_member_patch_role
from ..models.member_patch_role import MemberPatchRole


T = TypeVar("T", bound="MemberPatch")


@_attrs_define
class MemberPatch:
    role: MemberPatchRole

    def to_dict(self) -> dict[str, Any]:
        role: str = self.role

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        role = check_member_patch_role(d.pop("role"))

        member_patch = cls(
            role=role,
        )

        return member_patch
