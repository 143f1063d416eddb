from typing import Literal

MadeApiKeyScopesItem = Literal["deploy", "manage", "read", "run"]

MADE_API_KEY_SCOPES_ITEM_VALUES: set[MadeApiKeyScopesItem] = {
    "deploy",
    "manage",
    "read",
    "run",
}


def check_made_api_key_scopes_item(value: str) -> MadeApiKeyScopesItem:
    if value in MADE_API_KEY_SCOPES_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {MADE_API_KEY_SCOPES_ITEM_VALUES!r}"
    )
