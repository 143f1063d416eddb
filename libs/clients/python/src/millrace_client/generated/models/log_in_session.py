from typing import Literal

LogInSession = Literal["cookie", "token"]

LOG_IN_SESSION_VALUES: set[LogInSession] = {
    "cookie",
    "token",
}


def check_log_in_session(value: str) -> LogInSession:
    if value in LOG_IN_SESSION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LOG_IN_SESSION_VALUES!r}"
    )
