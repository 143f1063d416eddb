from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.log_line_stream import check_log_line_stream
from ..models.log_line_stream import LogLineStream
import datetime


T = TypeVar("T", bound="LogLine")


@_attrs_define
class LogLine:
    seq: int
    """ Counts the lines of the attempt from 1. """
    at: datetime.datetime
    """ By the clock of the machine that wrote it. """
    stream: LogLineStream
    """ `system`: a line of the platform. """
    text: str

    def to_dict(self) -> dict[str, Any]:
        seq = self.seq

        at = self.at.isoformat()

        stream: str = self.stream

        text = self.text

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
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
        seq = d.pop("seq")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        stream = check_log_line_stream(d.pop("stream"))

        text = d.pop("text")

        log_line = cls(
            seq=seq,
            at=at,
            stream=stream,
            text=text,
        )

        return log_line
