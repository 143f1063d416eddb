from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.audit_event_detail import AuditEventDetail


T = TypeVar("T", bound="AuditEvent")


@_attrs_define
class AuditEvent:
    id: str
    at: datetime.datetime
    actor: str
    action: str
    target: str
    request_id: None | str
    detail: AuditEventDetail

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        at = self.at.isoformat()

        actor = self.actor

        action = self.action

        target = self.target

        request_id: None | str
        request_id = self.request_id

        detail = self.detail.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "at": at,
                "actor": actor,
                "action": action,
                "target": target,
                "requestId": request_id,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_event_detail import AuditEventDetail  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        actor = d.pop("actor")

        action = d.pop("action")

        target = d.pop("target")

        def _parse_request_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        request_id = _parse_request_id(d.pop("requestId"))

        detail = AuditEventDetail.from_dict(d.pop("detail"))

        audit_event = cls(
            id=id,
            at=at,
            actor=actor,
            action=action,
            target=target,
            request_id=request_id,
            detail=detail,
        )

        return audit_event
