from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.run_log_line_stream import check_run_log_line_stream
from ..models.run_log_line_stream import RunLogLineStream
import datetime


T = TypeVar("T", bound="RunLogLine")


@_attrs_define
class RunLogLine:
    attempt_id: str
    task_id: str
    map_index: int
    """ -1 where the task is not mapped. """
    attempt: int
    """ Number of the attempt (its fence). """
    seq: int
    """ Counts the lines of the attempt from 1. """
    at: datetime.datetime
    """ By the clock of the machine that wrote it. """
    stream: RunLogLineStream
    """ `system`: a line of the platform. """
    text: str

    def to_dict(self) -> dict[str, Any]:
        attempt_id = self.attempt_id

        task_id = self.task_id

        map_index = self.map_index

        attempt = self.attempt

        seq = self.seq

        at = self.at.isoformat()

        stream: str = self.stream

        text = self.text

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "attemptId": attempt_id,
                "taskId": task_id,
                "mapIndex": map_index,
                "attempt": attempt,
                "seq": seq,
                "at": at,
                "stream": stream,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt_id = d.pop("attemptId")

        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        attempt = d.pop("attempt")

        seq = d.pop("seq")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        stream = check_run_log_line_stream(d.pop("stream"))

        text = d.pop("text")

        run_log_line = cls(
            attempt_id=attempt_id,
            task_id=task_id,
            map_index=map_index,
            attempt=attempt,
            seq=seq,
            at=at,
            stream=stream,
            text=text,
        )

        return run_log_line
