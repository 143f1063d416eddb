from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.notify_rule_on_item import check_notify_rule_on_item
from ..models.notify_rule_on_item import NotifyRuleOnItem
from typing import cast


T = TypeVar("T", bound="NotifyRule")


@_attrs_define
class NotifyRule:
    on: list[NotifyRuleOnItem]
    email: list[str] | Unset = UNSET
    """ Addresses, or the word `owners`. """
    webhook: str | Unset = UNSET
    """ Name of a webhook of the environment. """

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
            on_item = check_notify_rule_on_item(on_item_data)

            on.append(on_item)

        email = cast(list[str], d.pop("email", UNSET))

        webhook = d.pop("webhook", UNSET)

        notify_rule = cls(
            on=on,
            email=email,
            webhook=webhook,
        )

        return notify_rule
