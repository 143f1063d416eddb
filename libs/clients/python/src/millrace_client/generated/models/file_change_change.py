from typing import Literal

FileChangeChange = Literal["added", "changed", "removed"]

FILE_CHANGE_CHANGE_VALUES: set[FileChangeChange] = {
    "added",
    "changed",
    "removed",
}


def check_file_change_change(value: str) -> FileChangeChange:
    if value in FILE_CHANGE_CHANGE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {FILE_CHANGE_CHANGE_VALUES!r}"
    )
