from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.made_invitation_role import check_made_invitation_role
from ..models.made_invitation_role import MadeInvitationRole
from ..models.made_invitation_state import check_made_invitation_state
from ..models.made_invitation_state import MadeInvitationState
import datetime


T = TypeVar("T", bound="MadeInvitation")


@_attrs_define
class MadeInvitation:
    id: str
    email: str
    role: MadeInvitationRole
    state: MadeInvitationState
    invited_by: str
    created_at: datetime.datetime
    expires_at: datetime.datetime
    token: str
    """ Shown this once. Give it to the person: it makes them a member. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        email = self.email

        role: str = self.role

        state: str = self.state

        invited_by = self.invited_by

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        token = self.token

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "email": email,
                "role": role,
                "state": state,
                "invitedBy": invited_by,
                "createdAt": created_at,
                "expiresAt": expires_at,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        email = d.pop("email")

        role = check_made_invitation_role(d.pop("role"))

        state = check_made_invitation_state(d.pop("state"))

        invited_by = d.pop("invitedBy")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))

        token = d.pop("token")

        made_invitation = cls(
            id=id,
            email=email,
            role=role,
            state=state,
            invited_by=invited_by,
            created_at=created_at,
            expires_at=expires_at,
            token=token,
        )

        return made_invitation
