from typing import Literal

ListAlertsEvent = Literal["deadline_missed", "failed"]

LIST_ALERTS_EVENT_VALUES: set[ListAlertsEvent] = {
    "deadline_missed",
    "failed",
}


def check_list_alerts_event(value: str) -> ListAlertsEvent:
    if value in LIST_ALERTS_EVENT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_ALERTS_EVENT_VALUES!r}"
    )
