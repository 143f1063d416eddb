from typing import Literal

MadeInvitationRole = Literal["admin", "editor", "operator", "viewer"]

MADE_INVITATION_ROLE_VALUES: set[MadeInvitationRole] = {
    "admin",
    "editor",
    "operator",
    "viewer",
}


def check_made_invitation_role(value: str) -> MadeInvitationRole:
    if value in MADE_INVITATION_ROLE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {MADE_INVITATION_ROLE_VALUES!r}"
    )
