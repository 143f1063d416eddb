from typing import Literal

AcceptInvitationSession = Literal["cookie", "token"]

ACCEPT_INVITATION_SESSION_VALUES: set[AcceptInvitationSession] = {
    "cookie",
    "token",
}


def check_accept_invitation_session(value: str) -> AcceptInvitationSession:
    if value in ACCEPT_INVITATION_SESSION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ACCEPT_INVITATION_SESSION_VALUES!r}"
    )
