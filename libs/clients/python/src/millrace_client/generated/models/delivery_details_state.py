from typing import Literal

DeliveryDetailsState = Literal["failed", "pending", "succeeded"]

DELIVERY_DETAILS_STATE_VALUES: set[DeliveryDetailsState] = {
    "failed",
    "pending",
    "succeeded",
}


def check_delivery_details_state(value: str) -> DeliveryDetailsState:
    if value in DELIVERY_DETAILS_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DELIVERY_DETAILS_STATE_VALUES!r}"
    )
