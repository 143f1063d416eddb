from typing import Literal

SignUpSession = Literal["cookie", "token"]

SIGN_UP_SESSION_VALUES: set[SignUpSession] = {
    "cookie",
    "token",
}


def check_sign_up_session(value: str) -> SignUpSession:
    if value in SIGN_UP_SESSION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {SIGN_UP_SESSION_VALUES!r}"
    )
