from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from typing import cast

if TYPE_CHECKING:
    from ..models.attempt_cost import AttemptCost
    from ..models.cost_split import CostSplit
    from ..models.money import Money
    from ..models.task_cost import TaskCost


T = TypeVar("T", bound="RunCost")


@_attrs_define
class RunCost:
    total: Money
    split: CostSplit
    compute_ms: int
    """ Billed milliseconds. """
    tasks: list[TaskCost]
    """ All tasks of the run, on every page. """
    data: list[AttemptCost]
    """ Attempts, oldest first. """
    next_cursor: None | str
    """ Give it as `cursor` for the next page; null on the last. """

    def to_dict(self) -> dict[str, Any]:
        total = self.total.to_dict()

        split = self.split.to_dict()

        compute_ms = self.compute_ms

        tasks = []
        for tasks_item_data in self.tasks:
            tasks_item = tasks_item_data.to_dict()
            tasks.append(tasks_item)

        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "total": total,
                "split": split,
                "computeMs": compute_ms,
                "tasks": tasks,
                "data": data,
                "nextCursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attempt_cost import AttemptCost  # noqa: PLC0415
        from ..models.cost_split import CostSplit  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415
        from ..models.task_cost import TaskCost  # noqa: PLC0415

        d = dict(src_dict)
        total = Money.from_dict(d.pop("total"))

        split = CostSplit.from_dict(d.pop("split"))

        compute_ms = d.pop("computeMs")

        tasks = []
        _tasks = d.pop("tasks")
        for tasks_item_data in _tasks:
            tasks_item = TaskCost.from_dict(tasks_item_data)

            tasks.append(tasks_item)

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = AttemptCost.from_dict(data_item_data)

            data.append(data_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("nextCursor"))

        run_cost = cls(
            total=total,
            split=split,
            compute_ms=compute_ms,
            tasks=tasks,
            data=data,
            next_cursor=next_cursor,
        )

        return run_cost
