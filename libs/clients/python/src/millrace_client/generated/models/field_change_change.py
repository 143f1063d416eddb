from typing import Literal

FieldChangeChange = Literal["added", "changed", "removed"]

FIELD_CHANGE_CHANGE_VALUES: set[FieldChangeChange] = {
    "added",
    "changed",
    "removed",
}


def check_field_change_change(value: str) -> FieldChangeChange:
    if value in FIELD_CHANGE_CHANGE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FIELD_CHANGE_CHANGE_VALUES!r}"
    )
