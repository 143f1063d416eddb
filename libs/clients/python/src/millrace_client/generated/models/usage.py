from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.usage_group_by import check_usage_group_by
from ..models.usage_group_by import UsageGroupBy
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.cost_split import CostSplit
    from ..models.money import Money
    from ..models.usage_line import UsageLine


T = TypeVar("T", bound="Usage")


@_attrs_define
class Usage:
    from_: datetime.datetime
    to: datetime.datetime
    group_by: UsageGroupBy
    total: Money
    split: CostSplit
    compute_ms: int
    """ Billed milliseconds. """
    task_runs: int
    data: list[UsageLine]
    next_cursor: None | str
    """ Give it as `cursor` for the next page; null on the last. """

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_.isoformat()

        to = self.to.isoformat()

        group_by: str = self.group_by

        total = self.total.to_dict()

        split = self.split.to_dict()

        compute_ms = self.compute_ms

        task_runs = self.task_runs

        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "from": from_,
                "to": to,
                "groupBy": group_by,
                "total": total,
                "split": split,
                "computeMs": compute_ms,
                "taskRuns": task_runs,
                "data": data,
                "nextCursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cost_split import CostSplit  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415
        from ..models.usage_line import UsageLine  # noqa: PLC0415

        d = dict(src_dict)
        from_ = datetime.datetime.fromisoformat(d.pop("from"))

        to = datetime.datetime.fromisoformat(d.pop("to"))

        group_by = check_usage_group_by(d.pop("groupBy"))

        total = Money.from_dict(d.pop("total"))

        split = CostSplit.from_dict(d.pop("split"))

        compute_ms = d.pop("computeMs")

        task_runs = d.pop("taskRuns")

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = UsageLine.from_dict(data_item_data)

            data.append(data_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("nextCursor"))

        usage = cls(
            from_=from_,
            to=to,
            group_by=group_by,
            total=total,
            split=split,
            compute_ms=compute_ms,
            task_runs=task_runs,
            data=data,
            next_cursor=next_cursor,
        )

        return usage
