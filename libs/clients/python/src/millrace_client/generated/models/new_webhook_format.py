from typing import Literal

NewWebhookFormat = Literal["slack", "standard"]

NEW_WEBHOOK_FORMAT_VALUES: set[NewWebhookFormat] = {
    "slack",
    "standard",
}


def check_new_webhook_format(value: str) -> NewWebhookFormat:
    if value in NEW_WEBHOOK_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NEW_WEBHOOK_FORMAT_VALUES!r}"
    )
