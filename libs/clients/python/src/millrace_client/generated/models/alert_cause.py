from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="AlertCause")


@_attrs_define
class AlertCause:
    task: None | str
    """ Null where no task is to blame. """
    class_: str
    """ Name of the error, or what happened. """
    message: None | str
    """ The newest error message, cut to 300 characters. """
    frame: None | str
    """ The place in your code that it came from. """

    def to_dict(self) -> dict[str, Any]:
        task: None | str
        task = self.task

        class_ = self.class_

        message: None | str
        message = self.message

        frame: None | str
        frame = self.frame

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "task": task,
                "class": class_,
                "message": message,
                "frame": frame,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_task(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        task = _parse_task(d.pop("task"))

        class_ = d.pop("class")

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message"))

        def _parse_frame(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        frame = _parse_frame(d.pop("frame"))

        alert_cause = cls(
            task=task,
            class_=class_,
            message=message,
            frame=frame,
        )

        return alert_cause
