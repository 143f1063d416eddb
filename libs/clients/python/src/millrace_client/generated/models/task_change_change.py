from typing import Literal

TaskChangeChange = Literal["added", "changed", "removed"]

TASK_CHANGE_CHANGE_VALUES: set[TaskChangeChange] = {
    "added",
    "changed",
    "removed",
}


def check_task_change_change(value: str) -> TaskChangeChange:
    if value in TASK_CHANGE_CHANGE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TASK_CHANGE_CHANGE_VALUES!r}"
    )
