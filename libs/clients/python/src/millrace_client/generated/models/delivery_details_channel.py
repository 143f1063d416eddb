from typing import Literal

DeliveryDetailsChannel = Literal["email", "webhook"]

DELIVERY_DETAILS_CHANNEL_VALUES: set[DeliveryDetailsChannel] = {
    "email",
    "webhook",
}


def check_delivery_details_channel(value: str) -> DeliveryDetailsChannel:
    if value in DELIVERY_DETAILS_CHANNEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DELIVERY_DETAILS_CHANNEL_VALUES!r}"
    )
