from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


import datetime

if TYPE_CHECKING:
    from ..models.pool_latency_start import PoolLatencyStart
    from ..models.pool_latency_ways_item import PoolLatencyWaysItem


T = TypeVar("T", bound="PoolLatency")


@_attrs_define
class PoolLatency:
    pool_id: str
    pool: str
    """ Name. """
    since: datetime.datetime
    start: PoolLatencyStart
    """ From the creation of a run to the first instruction of its first task, of the runs whose first task this
    pool executed. Time that a run waited for others of its pipeline counts. """
    ways: list[PoolLatencyWaysItem]
    """ The same by the way that the first attempt took; ways that none took are left out. """

    def to_dict(self) -> dict[str, Any]:
        pool_id = self.pool_id

        pool = self.pool

        since = self.since.isoformat()

        start = self.start.to_dict()

        ways = []
        for ways_item_data in self.ways:
            ways_item = ways_item_data.to_dict()
            ways.append(ways_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "poolId": pool_id,
                "pool": pool,
                "since": since,
                "start": start,
                "ways": ways,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pool_latency_start import PoolLatencyStart  # noqa: PLC0415
        from ..models.pool_latency_ways_item import PoolLatencyWaysItem  # noqa: PLC0415

        d = dict(src_dict)
        pool_id = d.pop("poolId")

        pool = d.pop("pool")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        start = PoolLatencyStart.from_dict(d.pop("start"))

        ways = []
        _ways = d.pop("ways")
        for ways_item_data in _ways:
            ways_item = PoolLatencyWaysItem.from_dict(ways_item_data)

            ways.append(ways_item)

        pool_latency = cls(
            pool_id=pool_id,
            pool=pool,
            since=since,
            start=start,
            ways=ways,
        )

        return pool_latency
