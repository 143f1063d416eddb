from typing import Literal

ApiKeyScopesItem = Literal["deploy", "manage", "read", "run"]

API_KEY_SCOPES_ITEM_VALUES: set[ApiKeyScopesItem] = {
    "deploy",
    "manage",
    "read",
    "run",
}


def check_api_key_scopes_item(value: str) -> ApiKeyScopesItem:
    if value in API_KEY_SCOPES_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {API_KEY_SCOPES_ITEM_VALUES!r}"
    )
