from typing import Literal

PoolPatchMinTierType0 = Literal["none", "restricted", "standard", "strong"]

POOL_PATCH_MIN_TIER_TYPE_0_VALUES: set[PoolPatchMinTierType0] = {
    "none",
    "restricted",
    "standard",
    "strong",
}


def check_pool_patch_min_tier_type_0(value: str) -> PoolPatchMinTierType0:
    if value in POOL_PATCH_MIN_TIER_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POOL_PATCH_MIN_TIER_TYPE_0_VALUES!r}"
    )
