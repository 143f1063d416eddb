from typing import Literal

LogLineStream = Literal["stderr", "stdout", "system"]

LOG_LINE_STREAM_VALUES: set[LogLineStream] = {
    "stderr",
    "stdout",
    "system",
}


def check_log_line_stream(value: str) -> LogLineStream:
    if value in LOG_LINE_STREAM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LOG_LINE_STREAM_VALUES!r}"
    )
