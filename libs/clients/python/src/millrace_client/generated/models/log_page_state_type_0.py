from typing import Literal

LogPageStateType0 = Literal[
    "cancelled", "failed", "leased", "lost", "succeeded", "timed_out"
]

LOG_PAGE_STATE_TYPE_0_VALUES: set[LogPageStateType0] = {
    "cancelled",
    "failed",
    "leased",
    "lost",
    "succeeded",
    "timed_out",
}


def check_log_page_state_type_0(value: str) -> LogPageStateType0:
    if value in LOG_PAGE_STATE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LOG_PAGE_STATE_TYPE_0_VALUES!r}"
    )
