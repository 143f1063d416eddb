from typing import Literal

AlertEvent = Literal["deadline_missed", "failed"]

ALERT_EVENT_VALUES: set[AlertEvent] = {
    "deadline_missed",
    "failed",
}


def check_alert_event(value: str) -> AlertEvent:
    if value in ALERT_EVENT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ALERT_EVENT_VALUES!r}"
    )
