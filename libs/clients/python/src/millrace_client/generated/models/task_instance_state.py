from typing import Literal

TaskInstanceState = Literal[
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

TASK_INSTANCE_STATE_VALUES: set[TaskInstanceState] = {
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


def check_task_instance_state(value: str) -> TaskInstanceState:
    if value in TASK_INSTANCE_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TASK_INSTANCE_STATE_VALUES!r}"
    )
