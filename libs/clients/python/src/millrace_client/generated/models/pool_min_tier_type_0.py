from typing import Literal

PoolMinTierType0 = Literal["none", "restricted", "standard", "strong"]

POOL_MIN_TIER_TYPE_0_VALUES: set[PoolMinTierType0] = {
    "none",
    "restricted",
    "standard",
    "strong",
}


def check_pool_min_tier_type_0(value: str) -> PoolMinTierType0:
    if value in POOL_MIN_TIER_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POOL_MIN_TIER_TYPE_0_VALUES!r}"
    )
