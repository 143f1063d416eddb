from typing import Literal

EnvironmentPatchNotifyType0ItemOnType0 = Literal[
    "deadline_missed", "failed", "recovered"
]

ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_ON_TYPE_0_VALUES: set[
    EnvironmentPatchNotifyType0ItemOnType0
] = {
    "deadline_missed",
    "failed",
    "recovered",
}


def check_environment_patch_notify_type_0_item_on_type_0(
    value: str,
) -> EnvironmentPatchNotifyType0ItemOnType0:
    if value in ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_ON_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_ON_TYPE_0_VALUES!r}"
    )
