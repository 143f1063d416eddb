from typing import Literal

NewPoolSize = Literal["2xl", "l", "m", "s", "xl", "xs"]

NEW_POOL_SIZE_VALUES: set[NewPoolSize] = {
    "2xl",
    "l",
    "m",
    "s",
    "xl",
    "xs",
}


def check_new_pool_size(value: str) -> NewPoolSize:
    if value in NEW_POOL_SIZE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NEW_POOL_SIZE_VALUES!r}"
    )
