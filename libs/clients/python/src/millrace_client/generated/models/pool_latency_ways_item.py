from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.pool_latency_ways_item_way import check_pool_latency_ways_item_way
from ..models.pool_latency_ways_item_way import PoolLatencyWaysItemWay
from typing import cast


T = TypeVar("T", bound="PoolLatencyWaysItem")


@_attrs_define
class PoolLatencyWaysItem:
    way: PoolLatencyWaysItemWay
    runs: int
    """ Runs that were counted. """
    p_50_ms: float | None
    """ Null where no run was counted. """
    p_95_ms: float | None
    """ Null where no run was counted. """

    def to_dict(self) -> dict[str, Any]:
        way: str = self.way

        runs = self.runs

        p_50_ms: float | None
        p_50_ms = self.p_50_ms

        p_95_ms: float | None
        p_95_ms = self.p_95_ms

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "way": way,
                "runs": runs,
                "p50Ms": p_50_ms,
                "p95Ms": p_95_ms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        way = check_pool_latency_ways_item_way(d.pop("way"))

        runs = d.pop("runs")

        def _parse_p_50_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p_50_ms = _parse_p_50_ms(d.pop("p50Ms"))

        def _parse_p_95_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p_95_ms = _parse_p_95_ms(d.pop("p95Ms"))

        pool_latency_ways_item = cls(
            way=way,
            runs=runs,
            p_50_ms=p_50_ms,
            p_95_ms=p_95_ms,
        )

        return pool_latency_ways_item
