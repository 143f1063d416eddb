from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


import datetime


T = TypeVar("T", bound="Organization")


@_attrs_define
class Organization:
    id: str
    slug: str
    """ Never changes. """
    name: str
    plan: str
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        slug = self.slug

        name = self.name

        plan = self.plan

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "slug": slug,
                "name": name,
                "plan": plan,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        slug = d.pop("slug")

        name = d.pop("name")

        plan = d.pop("plan")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        organization = cls(
            id=id,
            slug=slug,
            name=name,
            plan=plan,
            created_at=created_at,
        )

        return organization
