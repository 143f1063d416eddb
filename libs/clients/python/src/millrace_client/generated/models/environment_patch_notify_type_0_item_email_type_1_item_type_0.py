from typing import Literal

EnvironmentPatchNotifyType0ItemEmailType1ItemType0 = Literal["owners"]

ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_EMAIL_TYPE_1_ITEM_TYPE_0_VALUES: set[
    EnvironmentPatchNotifyType0ItemEmailType1ItemType0
] = {
    "owners",
}


def check_environment_patch_notify_type_0_item_email_type_1_item_type_0(
    value: str,
) -> EnvironmentPatchNotifyType0ItemEmailType1ItemType0:
    if value in ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_EMAIL_TYPE_1_ITEM_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ENVIRONMENT_PATCH_NOTIFY_TYPE_0_ITEM_EMAIL_TYPE_1_ITEM_TYPE_0_VALUES!r}"
    )
