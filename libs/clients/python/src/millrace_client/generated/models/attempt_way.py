from typing import Literal

AttemptWay = Literal["direct", "offered", "queued"]

ATTEMPT_WAY_VALUES: set[AttemptWay] = {
    "direct",
    "offered",
    "queued",
}


def check_attempt_way(value: str) -> AttemptWay:
    if value in ATTEMPT_WAY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ATTEMPT_WAY_VALUES!r}"
    )
