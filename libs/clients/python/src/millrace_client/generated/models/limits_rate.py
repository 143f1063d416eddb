from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="LimitsRate")


@_attrs_define
class LimitsRate:
    """Requests that one credential may make; the `RateLimit` headers say how many are left."""

    requests: int
    window_seconds: int

    def to_dict(self) -> dict[str, Any]:
        requests = self.requests

        window_seconds = self.window_seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "requests": requests,
                "windowSeconds": window_seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        requests = d.pop("requests")

        window_seconds = d.pop("windowSeconds")

        limits_rate = cls(
            requests=requests,
            window_seconds=window_seconds,
        )

        return limits_rate
