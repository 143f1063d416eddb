from typing import Literal

AttemptCostCategoryType0 = Literal[
    "cancelled", "failed", "platformFault", "retried", "useful"
]

ATTEMPT_COST_CATEGORY_TYPE_0_VALUES: set[AttemptCostCategoryType0] = {
    "cancelled",
    "failed",
    "platformFault",
    "retried",
    "useful",
}


def check_attempt_cost_category_type_0(value: str) -> AttemptCostCategoryType0:
    if value in ATTEMPT_COST_CATEGORY_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ATTEMPT_COST_CATEGORY_TYPE_0_VALUES!r}"
    )
