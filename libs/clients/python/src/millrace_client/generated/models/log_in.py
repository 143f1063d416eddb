from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="LogIn")


@_attrs_define
class LogIn:
    email: str
    password: str
    organization: str | Unset = UNSET
    """ Slug; needed where you belong to several organizations. """

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        password = self.password

        organization = self.organization

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "password": password,
            }
        )
        if organization is not UNSET:
            field_dict["organization"] = organization

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        password = d.pop("password")

        organization = d.pop("organization", UNSET)

        log_in = cls(
            email=email,
            password=password,
            organization=organization,
        )

        return log_in
