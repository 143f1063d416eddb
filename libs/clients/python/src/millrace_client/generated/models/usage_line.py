from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from typing import cast

if TYPE_CHECKING:
    from ..models.cost_split import CostSplit
    from ..models.money import Money


T = TypeVar("T", bound="UsageLine")


@_attrs_define
class UsageLine:
    key: str
    """ The day, the id of the pipeline or environment, or the meter; empty for none. """
    name: None | str
    """ Name of the pipeline, slug of the environment. """
    total: Money
    split: CostSplit
    compute_ms: int
    """ Billed milliseconds. """
    task_runs: int

    def to_dict(self) -> dict[str, Any]:
        key = self.key

        name: None | str
        name = self.name

        total = self.total.to_dict()

        split = self.split.to_dict()

        compute_ms = self.compute_ms

        task_runs = self.task_runs

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "key": key,
                "name": name,
                "total": total,
                "split": split,
                "computeMs": compute_ms,
                "taskRuns": task_runs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cost_split import CostSplit  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        key = d.pop("key")

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        total = Money.from_dict(d.pop("total"))

        split = CostSplit.from_dict(d.pop("split"))

        compute_ms = d.pop("computeMs")

        task_runs = d.pop("taskRuns")

        usage_line = cls(
            key=key,
            name=name,
            total=total,
            split=split,
            compute_ms=compute_ms,
            task_runs=task_runs,
        )

        return usage_line
