from typing import Literal

ListTasksState = Literal[
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

LIST_TASKS_STATE_VALUES: set[ListTasksState] = {
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


def check_list_tasks_state(value: str) -> ListTasksState:
    if value in LIST_TASKS_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_TASKS_STATE_VALUES!r}"
    )
