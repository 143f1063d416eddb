from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.log_gap import LogGap


T = TypeVar("T", bound="MissingRunLogLines")


@_attrs_define
class MissingRunLogLines:
    attempt_id: str
    task_id: str
    map_index: int
    """ -1 where the task is not mapped. """
    attempt: int
    """ Number of the attempt (its fence). """
    gap: LogGap

    def to_dict(self) -> dict[str, Any]:
        attempt_id = self.attempt_id

        task_id = self.task_id

        map_index = self.map_index

        attempt = self.attempt

        gap = self.gap.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "attemptId": attempt_id,
                "taskId": task_id,
                "mapIndex": map_index,
                "attempt": attempt,
                "gap": gap,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.log_gap import LogGap  # noqa: PLC0415

        d = dict(src_dict)
        attempt_id = d.pop("attemptId")

        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        attempt = d.pop("attempt")

        gap = LogGap.from_dict(d.pop("gap"))

        missing_run_log_lines = cls(
            attempt_id=attempt_id,
            task_id=task_id,
            map_index=map_index,
            attempt=attempt,
            gap=gap,
        )

        return missing_run_log_lines
