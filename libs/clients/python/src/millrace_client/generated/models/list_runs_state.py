from typing import Literal

ListRunsState = Literal["cancelled", "failed", "queued", "running", "succeeded"]

LIST_RUNS_STATE_VALUES: set[ListRunsState] = {
    "cancelled",
    "failed",
    "queued",
    "running",
    "succeeded",
}


def check_list_runs_state(value: str) -> ListRunsState:
    if value in LIST_RUNS_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_RUNS_STATE_VALUES!r}"
    )
