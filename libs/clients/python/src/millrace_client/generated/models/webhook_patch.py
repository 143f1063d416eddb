from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="WebhookPatch")


@_attrs_define
class WebhookPatch:
    url: str | Unset = UNSET
    enabled: bool | Unset = UNSET
    """ False: nothing is sent to it, and what would be is on record as failed. """

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        enabled = self.enabled

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if url is not UNSET:
            field_dict["url"] = url
        if enabled is not UNSET:
            field_dict["enabled"] = enabled

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url", UNSET)

        enabled = d.pop("enabled", UNSET)

        webhook_patch = cls(
            url=url,
            enabled=enabled,
        )

        return webhook_patch
