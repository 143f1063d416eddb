from typing import Literal

RunEventType = Literal["run", "task"]

RUN_EVENT_TYPE_VALUES: set[RunEventType] = {
    "run",
    "task",
}


def check_run_event_type(value: str) -> RunEventType:
    if value in RUN_EVENT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RUN_EVENT_TYPE_VALUES!r}"
    )
