from typing import Literal

WebhookFormat = Literal["slack", "standard"]

WEBHOOK_FORMAT_VALUES: set[WebhookFormat] = {
    "slack",
    "standard",
}


def check_webhook_format(value: str) -> WebhookFormat:
    if value in WEBHOOK_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_FORMAT_VALUES!r}"
    )
