from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.member_role import check_member_role
from ..models.member_role import MemberRole
import datetime


T = TypeVar("T", bound="Member")


@_attrs_define
class Member:
    user_id: str
    email: str
    name: str
    role: MemberRole
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        user_id = self.user_id

        email = self.email

        name = self.name

        role: str = self.role

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "userId": user_id,
                "email": email,
                "name": name,
                "role": role,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_id = d.pop("userId")

        email = d.pop("email")

        name = d.pop("name")

        role = check_member_role(d.pop("role"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        member = cls(
            user_id=user_id,
            email=email,
            name=name,
            role=role,
            created_at=created_at,
        )

        return member
