from typing import Literal

AttemptState = Literal[
    "cancelled", "failed", "leased", "lost", "succeeded", "timed_out"
]

ATTEMPT_STATE_VALUES: set[AttemptState] = {
    "cancelled",
    "failed",
    "leased",
    "lost",
    "succeeded",
    "timed_out",
}


def check_attempt_state(value: str) -> AttemptState:
    if value in ATTEMPT_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ATTEMPT_STATE_VALUES!r}"
    )
