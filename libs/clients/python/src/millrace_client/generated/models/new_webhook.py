from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.new_webhook_format import check_new_webhook_format
from ..models.new_webhook_format import NewWebhookFormat


T = TypeVar("T", bound="NewWebhook")


@_attrs_define
class NewWebhook:
    name: str
    url: str
    format_: NewWebhookFormat | Unset = "standard"
    """ `standard`: signed JSON, as Standard Webhooks has it. `slack`: a message for an incoming webhook of Slack.
    """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        url = self.url

        format_: str | Unset = UNSET
        if not isinstance(self.format_, Unset):
            format_ = self.format_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "url": url,
            }
        )
        if format_ is not UNSET:
            field_dict["format"] = format_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        url = d.pop("url")

        _format_ = d.pop("format", UNSET)
        format_: NewWebhookFormat | Unset
        if isinstance(_format_, Unset):
            format_ = UNSET
        else:
            format_ = check_new_webhook_format(_format_)

        new_webhook = cls(
            name=name,
            url=url,
            format_=format_,
        )

        return new_webhook
