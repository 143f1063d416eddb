from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.webhook_with_secret_format import check_webhook_with_secret_format
from ..models.webhook_with_secret_format import WebhookWithSecretFormat
from typing import cast
import datetime


T = TypeVar("T", bound="WebhookWithSecret")


@_attrs_define
class WebhookWithSecret:
    id: str
    name: str
    """ What notify rules call it; never changes. """
    url: str
    """ Where messages are sent. Of the format `slack` without its path, which is a credential. """
    format_: WebhookWithSecretFormat
    enabled: bool
    disabled_reason: None | str
    failing_since: datetime.datetime | None
    """ Since when every attempt failed; after 72 hours it is switched off. """
    previous_secret_until: datetime.datetime | None
    """ Until when messages are signed with the secret before the last rotation too. """
    created_by: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    secret: str
    """ `whsec_…`, for the libraries of Standard Webhooks. Shown this once. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        url = self.url

        format_: str = self.format_

        enabled = self.enabled

        disabled_reason: None | str
        disabled_reason = self.disabled_reason

        failing_since: None | str
        if isinstance(self.failing_since, datetime.datetime):
            failing_since = self.failing_since.isoformat()
        else:
            failing_since = self.failing_since

        previous_secret_until: None | str
        if isinstance(self.previous_secret_until, datetime.datetime):
            previous_secret_until = self.previous_secret_until.isoformat()
        else:
            previous_secret_until = self.previous_secret_until

        created_by = self.created_by

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        secret = self.secret

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "name": name,
                "url": url,
                "format": format_,
                "enabled": enabled,
                "disabledReason": disabled_reason,
                "failingSince": failing_since,
                "previousSecretUntil": previous_secret_until,
                "createdBy": created_by,
                "createdAt": created_at,
                "updatedAt": updated_at,
                "secret": secret,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        url = d.pop("url")

        format_ = check_webhook_with_secret_format(d.pop("format"))

        enabled = d.pop("enabled")

        def _parse_disabled_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        disabled_reason = _parse_disabled_reason(d.pop("disabledReason"))

        def _parse_failing_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failing_since_type_0 = datetime.datetime.fromisoformat(data)

                return failing_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        failing_since = _parse_failing_since(d.pop("failingSince"))

        def _parse_previous_secret_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                previous_secret_until_type_0 = datetime.datetime.fromisoformat(data)

                return previous_secret_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        previous_secret_until = _parse_previous_secret_until(
            d.pop("previousSecretUntil")
        )

        created_by = d.pop("createdBy")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        secret = d.pop("secret")

        webhook_with_secret = cls(
            id=id,
            name=name,
            url=url,
            format_=format_,
            enabled=enabled,
            disabled_reason=disabled_reason,
            failing_since=failing_since,
            previous_secret_until=previous_secret_until,
            created_by=created_by,
            created_at=created_at,
            updated_at=updated_at,
            secret=secret,
        )

        return webhook_with_secret
