from typing import Literal

TimelineEntryState = Literal[
    "cancelled", "failed", "leased", "lost", "succeeded", "timed_out"
]

TIMELINE_ENTRY_STATE_VALUES: set[TimelineEntryState] = {
    "cancelled",
    "failed",
    "leased",
    "lost",
    "succeeded",
    "timed_out",
}


def check_timeline_entry_state(value: str) -> TimelineEntryState:
    if value in TIMELINE_ENTRY_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TIMELINE_ENTRY_STATE_VALUES!r}"
    )
