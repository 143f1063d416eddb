from typing import Literal

PoolLatencyWaysItemWay = Literal["direct", "offered", "queued"]

POOL_LATENCY_WAYS_ITEM_WAY_VALUES: set[PoolLatencyWaysItemWay] = {
    "direct",
    "offered",
    "queued",
}


def check_pool_latency_ways_item_way(value: str) -> PoolLatencyWaysItemWay:
    if value in POOL_LATENCY_WAYS_ITEM_WAY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POOL_LATENCY_WAYS_ITEM_WAY_VALUES!r}"
    )
