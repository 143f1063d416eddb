from typing import Literal

WebhookWithSecretFormat = Literal["slack", "standard"]

WEBHOOK_WITH_SECRET_FORMAT_VALUES: set[WebhookWithSecretFormat] = {
    "slack",
    "standard",
}


def check_webhook_with_secret_format(value: str) -> WebhookWithSecretFormat:
    if value in WEBHOOK_WITH_SECRET_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_WITH_SECRET_FORMAT_VALUES!r}"
    )
