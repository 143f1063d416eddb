from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.sign_up_organization import SignUpOrganization


T = TypeVar("T", bound="SignUp")


@_attrs_define
class SignUp:
    organization: SignUpOrganization
    email: str
    name: str
    password: str
    """ Of the account; where one with this e-mail address exists, its password. """

    def to_dict(self) -> dict[str, Any]:
        organization = self.organization.to_dict()

        email = self.email

        name = self.name

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "organization": organization,
                "email": email,
                "name": name,
                "password": password,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sign_up_organization import SignUpOrganization  # noqa: PLC0415

        d = dict(src_dict)
        organization = SignUpOrganization.from_dict(d.pop("organization"))

        email = d.pop("email")

        name = d.pop("name")

        password = d.pop("password")

        sign_up = cls(
            organization=organization,
            email=email,
            name=name,
            password=password,
        )

        return sign_up
