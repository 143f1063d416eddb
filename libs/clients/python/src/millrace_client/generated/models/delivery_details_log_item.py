from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast
import datetime


T = TypeVar("T", bound="DeliveryDetailsLogItem")


@_attrs_define
class DeliveryDetailsLogItem:
    number: int
    at: datetime.datetime
    duration_ms: int
    ok: bool
    status: int | None
    """ Of the HTTP answer. """
    error: None | str
    response: None | str
    """ The first KiB of the answer. """

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        at = self.at.isoformat()

        duration_ms = self.duration_ms

        ok = self.ok

        status: int | None
        status = self.status

        error: None | str
        error = self.error

        response: None | str
        response = self.response

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "number": number,
                "at": at,
                "durationMs": duration_ms,
                "ok": ok,
                "status": status,
                "error": error,
                "response": response,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        duration_ms = d.pop("durationMs")

        ok = d.pop("ok")

        def _parse_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        status = _parse_status(d.pop("status"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        def _parse_response(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        response = _parse_response(d.pop("response"))

        delivery_details_log_item = cls(
            number=number,
            at=at,
            duration_ms=duration_ms,
            ok=ok,
            status=status,
            error=error,
            response=response,
        )

        return delivery_details_log_item
