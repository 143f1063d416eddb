from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
    from ..models.environment_patch_notify_type_0_item import (
        EnvironmentPatchNotifyType0Item,
    )


T = TypeVar("T", bound="EnvironmentPatch")


@_attrs_define
class EnvironmentPatch:
    name: str | Unset = UNSET
    notify: list[EnvironmentPatchNotifyType0Item] | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        notify: list[dict[str, Any]] | None | Unset
        if isinstance(self.notify, Unset):
            notify = UNSET
        elif isinstance(self.notify, list):
            notify = []
            for notify_type_0_item_data in self.notify:
                notify_type_0_item = notify_type_0_item_data.to_dict()
                notify.append(notify_type_0_item)

        else:
            notify = self.notify

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if notify is not UNSET:
            field_dict["notify"] = notify

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.environment_patch_notify_type_0_item import (
            EnvironmentPatchNotifyType0Item,
        )  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        def _parse_notify(
            data: object,
        ) -> list[EnvironmentPatchNotifyType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                notify_type_0 = []
                _notify_type_0 = data
                for notify_type_0_item_data in _notify_type_0:
                    notify_type_0_item = EnvironmentPatchNotifyType0Item.from_dict(
                        notify_type_0_item_data
                    )

                    notify_type_0.append(notify_type_0_item)

                return notify_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[EnvironmentPatchNotifyType0Item] | None | Unset, data)

        notify = _parse_notify(d.pop("notify", UNSET))

        environment_patch = cls(
            name=name,
            notify=notify,
        )

        return environment_patch
