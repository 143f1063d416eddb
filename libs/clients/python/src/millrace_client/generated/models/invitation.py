from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.invitation_role import check_invitation_role
from ..models.invitation_role import InvitationRole
from ..models.invitation_state import check_invitation_state
from ..models.invitation_state import InvitationState
import datetime


T = TypeVar("T", bound="Invitation")


@_attrs_define
class Invitation:
    id: str
    email: str
    role: InvitationRole
    state: InvitationState
    invited_by: str
    created_at: datetime.datetime
    expires_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        email = self.email

        role: str = self.role

        state: str = self.state

        invited_by = self.invited_by

        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

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
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        email = d.pop("email")

        role = check_invitation_role(d.pop("role"))

        state = check_invitation_state(d.pop("state"))

        invited_by = d.pop("invitedBy")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))

        invitation = cls(
            id=id,
            email=email,
            role=role,
            state=state,
            invited_by=invited_by,
            created_at=created_at,
            expires_at=expires_at,
        )

        return invitation
