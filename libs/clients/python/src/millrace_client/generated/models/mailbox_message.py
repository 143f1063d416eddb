from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast
import datetime


T = TypeVar("T", bound="MailboxMessage")


@_attrs_define
class MailboxMessage:
    id: str
    to: str
    subject: str
    text: str
    html: None | str
    at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        to = self.to

        subject = self.subject

        text = self.text

        html: None | str
        html = self.html

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "to": to,
                "subject": subject,
                "text": text,
                "html": html,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        to = d.pop("to")

        subject = d.pop("subject")

        text = d.pop("text")

        def _parse_html(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        html = _parse_html(d.pop("html"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        mailbox_message = cls(
            id=id,
            to=to,
            subject=subject,
            text=text,
            html=html,
            at=at,
        )

        return mailbox_message
