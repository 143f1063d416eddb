from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="PoolRunners")


@_attrs_define
class PoolRunners:
    ready: int
    starting: int
    draining: int

    def to_dict(self) -> dict[str, Any]:
        ready = self.ready

        starting = self.starting

        draining = self.draining

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ready": ready,
                "starting": starting,
                "draining": draining,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ready = d.pop("ready")

        starting = d.pop("starting")

        draining = d.pop("draining")

        pool_runners = cls(
            ready=ready,
            starting=starting,
            draining=draining,
        )

        return pool_runners
