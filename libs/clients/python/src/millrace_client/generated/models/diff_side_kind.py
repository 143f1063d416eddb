from typing import Literal

DiffSideKind = Literal["bundle", "deployment", "environment", "version"]

DIFF_SIDE_KIND_VALUES: set[DiffSideKind] = {
    "bundle",
    "deployment",
    "environment",
    "version",
}


def check_diff_side_kind(value: str) -> DiffSideKind:
    if value in DIFF_SIDE_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DIFF_SIDE_KIND_VALUES!r}"
    )
