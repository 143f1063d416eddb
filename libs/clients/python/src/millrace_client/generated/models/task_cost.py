from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.cost_split import CostSplit
    from ..models.money import Money


T = TypeVar("T", bound="TaskCost")


@_attrs_define
class TaskCost:
    task_id: str
    total: Money
    split: CostSplit
    compute_ms: int
    """ Billed milliseconds. """
    attempts: int
    """ How many there are, of all its instances. """

    def to_dict(self) -> dict[str, Any]:
        task_id = self.task_id

        total = self.total.to_dict()

        split = self.split.to_dict()

        compute_ms = self.compute_ms

        attempts = self.attempts

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "taskId": task_id,
                "total": total,
                "split": split,
                "computeMs": compute_ms,
                "attempts": attempts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cost_split import CostSplit  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        task_id = d.pop("taskId")

        total = Money.from_dict(d.pop("total"))

        split = CostSplit.from_dict(d.pop("split"))

        compute_ms = d.pop("computeMs")

        attempts = d.pop("attempts")

        task_cost = cls(
            task_id=task_id,
            total=total,
            split=split,
            compute_ms=compute_ms,
            attempts=attempts,
        )

        return task_cost
