from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


import datetime


T = TypeVar("T", bound="Secret")


@_attrs_define
class Secret:
    name: str
    version: int
    """ Rises with each change. """
    created_by: str
    created_at: datetime.datetime
    """ When this version was set. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        created_by = self.created_by

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "version": version,
                "createdBy": created_by,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        created_by = d.pop("createdBy")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        secret = cls(
            name=name,
            version=version,
            created_by=created_by,
            created_at=created_at,
        )

        return secret
