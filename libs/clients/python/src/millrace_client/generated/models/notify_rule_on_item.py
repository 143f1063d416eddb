from typing import Literal

NotifyRuleOnItem = Literal["deadline_missed", "failed", "recovered"]

NOTIFY_RULE_ON_ITEM_VALUES: set[NotifyRuleOnItem] = {
    "deadline_missed",
    "failed",
    "recovered",
}


def check_notify_rule_on_item(value: str) -> NotifyRuleOnItem:
    if value in NOTIFY_RULE_ON_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NOTIFY_RULE_ON_ITEM_VALUES!r}"
    )
