from typing import Literal

ListAttemptsState = Literal[
    "cancelled", "failed", "leased", "lost", "succeeded", "timed_out"
]

LIST_ATTEMPTS_STATE_VALUES: set[ListAttemptsState] = {
    "cancelled",
    "failed",
    "leased",
    "lost",
    "succeeded",
    "timed_out",
}


def check_list_attempts_state(value: str) -> ListAttemptsState:
    if value in LIST_ATTEMPTS_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_ATTEMPTS_STATE_VALUES!r}"
    )
