from typing import Literal

RunnerState = Literal["draining", "ended", "ready", "starting"]

RUNNER_STATE_VALUES: set[RunnerState] = {
    "draining",
    "ended",
    "ready",
    "starting",
}


def check_runner_state(value: str) -> RunnerState:
    if value in RUNNER_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RUNNER_STATE_VALUES!r}"
    )
