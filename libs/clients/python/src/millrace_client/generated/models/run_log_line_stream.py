from typing import Literal

RunLogLineStream = Literal["stderr", "stdout", "system"]

RUN_LOG_LINE_STREAM_VALUES: set[RunLogLineStream] = {
    "stderr",
    "stdout",
    "system",
}


def check_run_log_line_stream(value: str) -> RunLogLineStream:
    if value in RUN_LOG_LINE_STREAM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RUN_LOG_LINE_STREAM_VALUES!r}"
    )
