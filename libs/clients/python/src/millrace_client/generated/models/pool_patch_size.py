from typing import Literal

PoolPatchSize = Literal["2xl", "l", "m", "s", "xl", "xs"]

POOL_PATCH_SIZE_VALUES: set[PoolPatchSize] = {
    "2xl",
    "l",
    "m",
    "s",
    "xl",
    "xs",
}


def check_pool_patch_size(value: str) -> PoolPatchSize:
    if value in POOL_PATCH_SIZE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POOL_PATCH_SIZE_VALUES!r}"
    )
