from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.sign_up_session import check_sign_up_session
from ..models.sign_up_session import SignUpSession

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
    session: SignUpSession | Unset = UNSET
    """ `token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only
    `/v1/token:refresh` gets, for pages of this server. """

    def to_dict(self) -> dict[str, Any]:
        organization = self.organization.to_dict()

        email = self.email

        name = self.name

        password = self.password

        session: str | Unset = UNSET
        if not isinstance(self.session, Unset):
            session = self.session

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "organization": organization,
                "email": email,
                "name": name,
                "password": password,
            }
        )
        if session is not UNSET:
            field_dict["session"] = session

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sign_up_organization import SignUpOrganization  # noqa: PLC0415

        d = dict(src_dict)
        organization = SignUpOrganization.from_dict(d.pop("organization"))

        email = d.pop("email")

        name = d.pop("name")

        password = d.pop("password")

        _session = d.pop("session", UNSET)
        session: SignUpSession | Unset
        if isinstance(_session, Unset):
            session = UNSET
        else:
            session = check_sign_up_session(_session)

        sign_up = cls(
            organization=organization,
            email=email,
            name=name,
            password=password,
            session=session,
        )

        return sign_up
