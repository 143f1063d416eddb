from typing import Literal

LedgerEntryCategory = Literal[
    "cancelled", "failed", "platformFault", "retried", "useful"
]

LEDGER_ENTRY_CATEGORY_VALUES: set[LedgerEntryCategory] = {
    "cancelled",
    "failed",
    "platformFault",
    "retried",
    "useful",
}


def check_ledger_entry_category(value: str) -> LedgerEntryCategory:
    if value in LEDGER_ENTRY_CATEGORY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LEDGER_ENTRY_CATEGORY_VALUES!r}"
    )
