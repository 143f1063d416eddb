from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="AcceptInvitation")


@_attrs_define
class AcceptInvitation:
    token: str
    password: str
    """ For the new account, or of the one that exists. """
    name: str | Unset = UNSET
    """ For a new account; default: what stands before the @. """

    def to_dict(self) -> dict[str, Any]:
        token = self.token

        password = self.password

        name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "token": token,
                "password": password,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        token = d.pop("token")

        password = d.pop("password")

        name = d.pop("name", UNSET)

        accept_invitation = cls(
            token=token,
            password=password,
            name=name,
        )

        return accept_invitation
