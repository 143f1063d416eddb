from typing import Literal

RunEventState = Literal[
    "cancelled",
    "failed",
    "queued",
    "running",
    "skipped",
    "sleeping",
    "succeeded",
    "up_for_retry",
    "upstream_failed",
    "waiting",
]

RUN_EVENT_STATE_VALUES: set[RunEventState] = {
    "cancelled",
    "failed",
    "queued",
    "running",
    "skipped",
    "sleeping",
    "succeeded",
    "up_for_retry",
    "upstream_failed",
    "waiting",
}


def check_run_event_state(value: str) -> RunEventState:
    if value in RUN_EVENT_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RUN_EVENT_STATE_VALUES!r}"
    )
