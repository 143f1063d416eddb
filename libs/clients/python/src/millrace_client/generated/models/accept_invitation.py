from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.accept_invitation_session import AcceptInvitationSession
from ..models.accept_invitation_session import check_accept_invitation_session


T = TypeVar("T", bound="AcceptInvitation")


@_attrs_define
class AcceptInvitation:
    token: str
    password: str
    """ For the new account, or of the one that exists. """
    name: str | Unset = UNSET
    """ For a new account; default: what stands before the @. """
    session: AcceptInvitationSession | Unset = UNSET
    """ `token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only
    `/v1/token:refresh` gets, for pages of this server. """

    def to_dict(self) -> dict[str, Any]:
        token = self.token

        password = self.password

        name = self.name

        session: str | Unset = UNSET
        if not isinstance(self.session, Unset):
            session = self.session

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "token": token,
                "password": password,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if session is not UNSET:
            field_dict["session"] = session

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        token = d.pop("token")

        password = d.pop("password")

        name = d.pop("name", UNSET)

        _session = d.pop("session", UNSET)
        session: AcceptInvitationSession | Unset
        if isinstance(_session, Unset):
            session = UNSET
        else:
            session = check_accept_invitation_session(_session)

        accept_invitation = cls(
            token=token,
            password=password,
            name=name,
            session=session,
        )

        return accept_invitation
