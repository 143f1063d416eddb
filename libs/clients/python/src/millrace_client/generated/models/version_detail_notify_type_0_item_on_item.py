from typing import Literal

VersionDetailNotifyType0ItemOnItem = Literal["deadline_missed", "failed", "recovered"]

VERSION_DETAIL_NOTIFY_TYPE_0_ITEM_ON_ITEM_VALUES: set[
    VersionDetailNotifyType0ItemOnItem
] = {
    "deadline_missed",
    "failed",
    "recovered",
}


def check_version_detail_notify_type_0_item_on_item(
    value: str,
) -> VersionDetailNotifyType0ItemOnItem:
    if value in VERSION_DETAIL_NOTIFY_TYPE_0_ITEM_ON_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VERSION_DETAIL_NOTIFY_TYPE_0_ITEM_ON_ITEM_VALUES!r}"
    )
