from typing import Literal

LedgerEntryKind = Literal["credit", "discount", "rounding", "usage"]

LEDGER_ENTRY_KIND_VALUES: set[LedgerEntryKind] = {
    "credit",
    "discount",
    "rounding",
    "usage",
}


def check_ledger_entry_kind(value: str) -> LedgerEntryKind:
    if value in LEDGER_ENTRY_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LEDGER_ENTRY_KIND_VALUES!r}"
    )
