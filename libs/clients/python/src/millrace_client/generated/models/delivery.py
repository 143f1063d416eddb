from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.delivery_channel import check_delivery_channel
from ..models.delivery_channel import DeliveryChannel
from ..models.delivery_state import check_delivery_state
from ..models.delivery_state import DeliveryState
from typing import cast
import datetime


T = TypeVar("T", bound="Delivery")


@_attrs_define
class Delivery:
    id: str
    message_id: str
    """ `webhook-id`: the same for every repeat and replay of the message. """
    type_: str
    """ `alert.failed`, `alert.recovered`, `alert.deadline_missed`, `webhook.test`, `webhook.disabled`. """
    alert_id: None | str
    channel: DeliveryChannel
    target: str
    """ The address, or the name of the webhook. """
    webhook_id: None | str
    state: DeliveryState
    reason: None | str
    """ What the last attempt met. """
    attempts: int
    replay_of: None | str
    created_by: str
    created_at: datetime.datetime
    next_attempt_at: datetime.datetime | None
    ended_at: datetime.datetime | None

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        message_id = self.message_id

        type_ = self.type_

        alert_id: None | str
        alert_id = self.alert_id

        channel: str = self.channel

        target = self.target

        webhook_id: None | str
        webhook_id = self.webhook_id

        state: str = self.state

        reason: None | str
        reason = self.reason

        attempts = self.attempts

        replay_of: None | str
        replay_of = self.replay_of

        created_by = self.created_by

        created_at = self.created_at.isoformat()

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = self.next_attempt_at.isoformat()
        else:
            next_attempt_at = self.next_attempt_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "messageId": message_id,
                "type": type_,
                "alertId": alert_id,
                "channel": channel,
                "target": target,
                "webhookId": webhook_id,
                "state": state,
                "reason": reason,
                "attempts": attempts,
                "replayOf": replay_of,
                "createdBy": created_by,
                "createdAt": created_at,
                "nextAttemptAt": next_attempt_at,
                "endedAt": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        message_id = d.pop("messageId")

        type_ = d.pop("type")

        def _parse_alert_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        alert_id = _parse_alert_id(d.pop("alertId"))

        channel = check_delivery_channel(d.pop("channel"))

        target = d.pop("target")

        def _parse_webhook_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        webhook_id = _parse_webhook_id(d.pop("webhookId"))

        state = check_delivery_state(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        attempts = d.pop("attempts")

        def _parse_replay_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        replay_of = _parse_replay_of(d.pop("replayOf"))

        created_by = d.pop("createdBy")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("nextAttemptAt"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("endedAt"))

        delivery = cls(
            id=id,
            message_id=message_id,
            type_=type_,
            alert_id=alert_id,
            channel=channel,
            target=target,
            webhook_id=webhook_id,
            state=state,
            reason=reason,
            attempts=attempts,
            replay_of=replay_of,
            created_by=created_by,
            created_at=created_at,
            next_attempt_at=next_attempt_at,
            ended_at=ended_at,
        )

        return delivery
