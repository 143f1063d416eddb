from typing import Literal

GetTaskLogFormat = Literal["json", "text"]

GET_TASK_LOG_FORMAT_VALUES: set[GetTaskLogFormat] = {
    "json",
    "text",
}


def check_get_task_log_format(value: str) -> GetTaskLogFormat:
    if value in GET_TASK_LOG_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {GET_TASK_LOG_FORMAT_VALUES!r}"
    )
