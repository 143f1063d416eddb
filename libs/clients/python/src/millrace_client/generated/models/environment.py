from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.notify_rule import NotifyRule


T = TypeVar("T", bound="Environment")


@_attrs_define
class Environment:
    id: str
    slug: str
    """ Never changes. """
    name: str
    notify: list[NotifyRule] | None
    """ Who is told of what, for pipelines that do not say so themselves. Null: the owners, of failures and missed
    deadlines. An empty list: nobody. """
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        slug = self.slug

        name = self.name

        notify: list[dict[str, Any]] | None
        if isinstance(self.notify, list):
            notify = []
            for notify_type_0_item_data in self.notify:
                notify_type_0_item = notify_type_0_item_data.to_dict()
                notify.append(notify_type_0_item)

        else:
            notify = self.notify

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "slug": slug,
                "name": name,
                "notify": notify,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notify_rule import NotifyRule  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        slug = d.pop("slug")

        name = d.pop("name")

        def _parse_notify(data: object) -> list[NotifyRule] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                notify_type_0 = []
                _notify_type_0 = data
                for notify_type_0_item_data in _notify_type_0:
                    notify_type_0_item = NotifyRule.from_dict(notify_type_0_item_data)

                    notify_type_0.append(notify_type_0_item)

                return notify_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[NotifyRule] | None, data)

        notify = _parse_notify(d.pop("notify"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        environment = cls(
            id=id,
            slug=slug,
            name=name,
            notify=notify,
            created_at=created_at,
        )

        return environment
