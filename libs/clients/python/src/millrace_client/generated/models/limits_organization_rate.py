from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="LimitsOrganizationRate")


@_attrs_define
class LimitsOrganizationRate:
    """Requests that all callers of the organization may make together."""

    requests: int
    window_seconds: int
    remaining: int

    def to_dict(self) -> dict[str, Any]:
        requests = self.requests

        window_seconds = self.window_seconds

        remaining = self.remaining

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "requests": requests,
                "windowSeconds": window_seconds,
                "remaining": remaining,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        requests = d.pop("requests")

        window_seconds = d.pop("windowSeconds")

        remaining = d.pop("remaining")

        limits_organization_rate = cls(
            requests=requests,
            window_seconds=window_seconds,
            remaining=remaining,
        )

        return limits_organization_rate
