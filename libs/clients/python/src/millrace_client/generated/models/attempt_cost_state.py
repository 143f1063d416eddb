from typing import Literal

AttemptCostState = Literal[
    "cancelled", "failed", "leased", "lost", "succeeded", "timed_out"
]

ATTEMPT_COST_STATE_VALUES: set[AttemptCostState] = {
    "cancelled",
    "failed",
    "leased",
    "lost",
    "succeeded",
    "timed_out",
}


def check_attempt_cost_state(value: str) -> AttemptCostState:
    if value in ATTEMPT_COST_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ATTEMPT_COST_STATE_VALUES!r}"
    )
