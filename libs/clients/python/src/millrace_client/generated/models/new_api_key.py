from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.new_api_key_scopes_item import check_new_api_key_scopes_item
from ..models.new_api_key_scopes_item import NewApiKeyScopesItem
import datetime


T = TypeVar("T", bound="NewApiKey")


@_attrs_define
class NewApiKey:
    name: str
    scopes: list[NewApiKeyScopesItem]
    environment: str | Unset = UNSET
    """ Slug of the only environment it may reach; default: all. """
    expires_at: datetime.datetime | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item: str = scopes_item_data
            scopes.append(scopes_item)

        environment = self.environment

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "scopes": scopes,
            }
        )
        if environment is not UNSET:
            field_dict["environment"] = environment
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = check_new_api_key_scopes_item(scopes_item_data)

            scopes.append(scopes_item)

        environment = d.pop("environment", UNSET)

        _expires_at = d.pop("expiresAt", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)

        new_api_key = cls(
            name=name,
            scopes=scopes,
            environment=environment,
            expires_at=expires_at,
        )

        return new_api_key
