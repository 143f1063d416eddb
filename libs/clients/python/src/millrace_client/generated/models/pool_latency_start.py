from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="PoolLatencyStart")


@_attrs_define
class PoolLatencyStart:
    """From the creation of a run to the first instruction of its first task, of the runs whose first task this pool
    executed. Time that a run waited for others of its pipeline counts.

    """

    runs: int
    """ Runs that were counted. """
    p_50_ms: float | None
    """ Null where no run was counted. """
    p_95_ms: float | None
    """ Null where no run was counted. """

    def to_dict(self) -> dict[str, Any]:
        runs = self.runs

        p_50_ms: float | None
        p_50_ms = self.p_50_ms

        p_95_ms: float | None
        p_95_ms = self.p_95_ms

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "runs": runs,
                "p50Ms": p_50_ms,
                "p95Ms": p_95_ms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
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

        pool_latency_start = cls(
            runs=runs,
            p_50_ms=p_50_ms,
            p_95_ms=p_95_ms,
        )

        return pool_latency_start
