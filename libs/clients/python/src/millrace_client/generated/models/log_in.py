from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.log_in_session import check_log_in_session
from ..models.log_in_session import LogInSession


T = TypeVar("T", bound="LogIn")


@_attrs_define
class LogIn:
    email: str
    password: str
    organization: str | Unset = UNSET
    """ Slug; needed where you belong to several organizations. """
    session: LogInSession | Unset = UNSET
    """ `token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only
    `/v1/token:refresh` gets, for pages of this server. """

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        password = self.password

        organization = self.organization

        session: str | Unset = UNSET
        if not isinstance(self.session, Unset):
            session = self.session

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "password": password,
            }
        )
        if organization is not UNSET:
            field_dict["organization"] = organization
        if session is not UNSET:
            field_dict["session"] = session

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        password = d.pop("password")

        organization = d.pop("organization", UNSET)

        _session = d.pop("session", UNSET)
        session: LogInSession | Unset
        if isinstance(_session, Unset):
            session = UNSET
        else:
            session = check_log_in_session(_session)

        log_in = cls(
            email=email,
            password=password,
            organization=organization,
            session=session,
        )

        return log_in
