from typing import Literal

NewPoolMinTierType0 = Literal["none", "restricted", "standard", "strong"]

NEW_POOL_MIN_TIER_TYPE_0_VALUES: set[NewPoolMinTierType0] = {
    "none",
    "restricted",
    "standard",
    "strong",
}


def check_new_pool_min_tier_type_0(value: str) -> NewPoolMinTierType0:
    if value in NEW_POOL_MIN_TIER_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NEW_POOL_MIN_TIER_TYPE_0_VALUES!r}"
    )
