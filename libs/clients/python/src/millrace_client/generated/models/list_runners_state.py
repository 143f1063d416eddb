from typing import Literal

ListRunnersState = Literal["draining", "ended", "ready", "starting"]

LIST_RUNNERS_STATE_VALUES: set[ListRunnersState] = {
    "draining",
    "ended",
    "ready",
    "starting",
}


def check_list_runners_state(value: str) -> ListRunnersState:
    if value in LIST_RUNNERS_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_RUNNERS_STATE_VALUES!r}"
    )
