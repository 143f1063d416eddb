from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="TaskOutput")


@_attrs_define
class TaskOutput:
    task_id: str
    """ Id of the task in the pipeline. """
    map_index: int
    """ Place in the list that the task is mapped over; -1 where it is not mapped. """
    bytes_: int
    """ Bytes of JSON text. """
    text: None | str
    """ The JSON text, to the byte; null where it is longer than 16 KiB. """
    large: bool
    """ True where it lies in the object store. """

    def to_dict(self) -> dict[str, Any]:
        task_id = self.task_id

        map_index = self.map_index

        bytes_ = self.bytes_

        text: None | str
        text = self.text

        large = self.large

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "taskId": task_id,
                "mapIndex": map_index,
                "bytes": bytes_,
                "text": text,
                "large": large,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        bytes_ = d.pop("bytes")

        def _parse_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text = _parse_text(d.pop("text"))

        large = d.pop("large")

        task_output = cls(
            task_id=task_id,
            map_index=map_index,
            bytes_=bytes_,
            text=text,
            large=large,
        )

        return task_output
