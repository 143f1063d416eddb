from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.attempt_cost_category_type_0 import AttemptCostCategoryType0
from ..models.attempt_cost_category_type_0 import check_attempt_cost_category_type_0
from ..models.attempt_cost_state import AttemptCostState
from ..models.attempt_cost_state import check_attempt_cost_state
from typing import cast

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="AttemptCost")


@_attrs_define
class AttemptCost:
    id: str
    task_id: str
    map_index: int
    """ -1 where the task is not mapped. """
    fence: int
    try_: int
    state: AttemptCostState
    total: Money
    compute_ms: int
    """ Billed milliseconds. """
    category: AttemptCostCategoryType0 | None
    """ Null while it runs: it is charged with its end. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        task_id = self.task_id

        map_index = self.map_index

        fence = self.fence

        try_ = self.try_

        state: str = self.state

        total = self.total.to_dict()

        compute_ms = self.compute_ms

        category: None | str
        if isinstance(self.category, str):
            category = self.category
        else:
            category = self.category

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "taskId": task_id,
                "mapIndex": map_index,
                "fence": fence,
                "try": try_,
                "state": state,
                "total": total,
                "computeMs": compute_ms,
                "category": category,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        fence = d.pop("fence")

        try_ = d.pop("try")

        state = check_attempt_cost_state(d.pop("state"))

        total = Money.from_dict(d.pop("total"))

        compute_ms = d.pop("computeMs")

        def _parse_category(data: object) -> AttemptCostCategoryType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                category_type_0 = check_attempt_cost_category_type_0(data)

                return category_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AttemptCostCategoryType0 | None, data)

        category = _parse_category(d.pop("category"))

        attempt_cost = cls(
            id=id,
            task_id=task_id,
            map_index=map_index,
            fence=fence,
            try_=try_,
            state=state,
            total=total,
            compute_ms=compute_ms,
            category=category,
        )

        return attempt_cost
