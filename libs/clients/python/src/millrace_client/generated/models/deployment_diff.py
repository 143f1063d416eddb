from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.diff_side import DiffSide
    from ..models.pipeline_change import PipelineChange


T = TypeVar("T", bound="DeploymentDiff")


@_attrs_define
class DeploymentDiff:
    from_: DiffSide
    to: DiffSide
    pipelines: list[PipelineChange]

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_.to_dict()

        to = self.to.to_dict()

        pipelines = []
        for pipelines_item_data in self.pipelines:
            pipelines_item = pipelines_item_data.to_dict()
            pipelines.append(pipelines_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "from": from_,
                "to": to,
                "pipelines": pipelines,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.diff_side import DiffSide  # noqa: PLC0415
        from ..models.pipeline_change import PipelineChange  # noqa: PLC0415

        d = dict(src_dict)
        from_ = DiffSide.from_dict(d.pop("from"))

        to = DiffSide.from_dict(d.pop("to"))

        pipelines = []
        _pipelines = d.pop("pipelines")
        for pipelines_item_data in _pipelines:
            pipelines_item = PipelineChange.from_dict(pipelines_item_data)

            pipelines.append(pipelines_item)

        deployment_diff = cls(
            from_=from_,
            to=to,
            pipelines=pipelines,
        )

        return deployment_diff
