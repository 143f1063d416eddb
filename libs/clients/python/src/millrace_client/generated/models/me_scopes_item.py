from typing import Literal

MeScopesItem = Literal["deploy", "manage", "read", "run"]

ME_SCOPES_ITEM_VALUES: set[MeScopesItem] = {
    "deploy",
    "manage",
    "read",
    "run",
}


def check_me_scopes_item(value: str) -> MeScopesItem:
    if value in ME_SCOPES_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ME_SCOPES_ITEM_VALUES!r}"
    )
