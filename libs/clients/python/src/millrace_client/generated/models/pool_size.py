from typing import Literal

PoolSize = Literal["2xl", "l", "m", "s", "xl", "xs"]

POOL_SIZE_VALUES: set[PoolSize] = {
    "2xl",
    "l",
    "m",
    "s",
    "xl",
    "xs",
}


def check_pool_size(value: str) -> PoolSize:
    if value in POOL_SIZE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {POOL_SIZE_VALUES!r}")
