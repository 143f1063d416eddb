from typing import Literal

EnvironmentPatchNotifyType0ItemOnType1Item = Literal[
    "deadline_missed", "failed", "recovered"
]

ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_ON_TYPE_1_ITEM_VALUES: set[
    EnvironmentPatchNotifyType0ItemOnType1Item
] = {
    "deadline_missed",
    "failed",
    "recovered",
}


def check_environment_patch_notify_type_0_item_on_type_1_item(
    value: str,
) -> EnvironmentPatchNotifyType0ItemOnType1Item:
    if value in ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_ON_TYPE_1_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_ON_TYPE_1_ITEM_VALUES!r}"
    )
