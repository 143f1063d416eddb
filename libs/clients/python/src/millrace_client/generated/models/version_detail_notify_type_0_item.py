from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.version_detail_notify_type_0_item_on_item import (
    check_version_detail_notify_type_0_item_on_item,
)
from ..models.version_detail_notify_type_0_item_on_item import (
    VersionDetailNotifyType0ItemOnItem,
)
from typing import cast


T = TypeVar("T", bound="VersionDetailNotifyType0Item")


@_attrs_define
class VersionDetailNotifyType0Item:
    on: list[VersionDetailNotifyType0ItemOnItem]
    email: list[str] | Unset = UNSET
    webhook: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        on = []
        for on_item_data in self.on:
            on_item: str = on_item_data
            on.append(on_item)

        email: list[str] | Unset = UNSET
        if not isinstance(self.email, Unset):
            email = self.email

        webhook = self.webhook

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "on": on,
            }
        )
        if email is not UNSET:
            field_dict["email"] = email
        if webhook is not UNSET:
            field_dict["webhook"] = webhook

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        on = []
        _on = d.pop("on")
        for on_item_data in _on:
            on_item = check_version_detail_notify_type_0_item_on_item(on_item_data)

            on.append(on_item)

        email = cast(list[str], d.pop("email", UNSET))

        webhook = d.pop("webhook", UNSET)

        version_detail_notify_type_0_item = cls(
            on=on,
            email=email,
            webhook=webhook,
        )

        return version_detail_notify_type_0_item
