from typing import Literal

MadeInvitationState = Literal["accepted", "expired", "pending", "revoked"]

MADE_INVITATION_STATE_VALUES: set[MadeInvitationState] = {
    "accepted",
    "expired",
    "pending",
    "revoked",
}


def check_made_invitation_state(value: str) -> MadeInvitationState:
    if value in MADE_INVITATION_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {MADE_INVITATION_STATE_VALUES!r}"
    )
