from typing import Literal

TimelineEntryWay = Literal["direct", "offered", "queued"]

TIMELINE_ENTRY_WAY_VALUES: set[TimelineEntryWay] = {
    "direct",
    "offered",
    "queued",
}


def check_timeline_entry_way(value: str) -> TimelineEntryWay:
    if value in TIMELINE_ENTRY_WAY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TIMELINE_ENTRY_WAY_VALUES!r}"
    )
