from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="CallerUse")


@_attrs_define
class CallerUse:
    actor: str
    """ `key_…` or `usr_…`. """
    name: None | str
    """ Of the API key or the person; null where it is gone. """
    last_minute: int
    last_hour: int
    refused_last_hour: int
    """ Of the requests of the last hour, refused by a rate limit. """

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        name: None | str
        name = self.name

        last_minute = self.last_minute

        last_hour = self.last_hour

        refused_last_hour = self.refused_last_hour

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "actor": actor,
                "name": name,
                "lastMinute": last_minute,
                "lastHour": last_hour,
                "refusedLastHour": refused_last_hour,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        actor = d.pop("actor")

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        last_minute = d.pop("lastMinute")

        last_hour = d.pop("lastHour")

        refused_last_hour = d.pop("refusedLastHour")

        caller_use = cls(
            actor=actor,
            name=name,
            last_minute=last_minute,
            last_hour=last_hour,
            refused_last_hour=refused_last_hour,
        )

        return caller_use
