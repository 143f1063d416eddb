from typing import Literal

GetRunLogFormat = Literal["json", "text"]

GET_RUN_LOG_FORMAT_VALUES: set[GetRunLogFormat] = {
    "json",
    "text",
}


def check_get_run_log_format(value: str) -> GetRunLogFormat:
    if value in GET_RUN_LOG_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {GET_RUN_LOG_FORMAT_VALUES!r}"
    )
