from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.bundle_validation_bundle import BundleValidationBundle
    from ..models.deployment_dependency import DeploymentDependency
    from ..models.pipeline_change import PipelineChange
    from ..models.valid_pipeline import ValidPipeline


T = TypeVar("T", bound="BundleValidation")


@_attrs_define
class BundleValidation:
    valid: bool
    pipelines: list[ValidPipeline]
    bundle: BundleValidationBundle
    dependencies: list[DeploymentDependency]
    changes: list[PipelineChange]
    """ What a deployment would change in the environment. """

    def to_dict(self) -> dict[str, Any]:
        valid = self.valid

        pipelines = []
        for pipelines_item_data in self.pipelines:
            pipelines_item = pipelines_item_data.to_dict()
            pipelines.append(pipelines_item)

        bundle = self.bundle.to_dict()

        dependencies = []
        for dependencies_item_data in self.dependencies:
            dependencies_item = dependencies_item_data.to_dict()
            dependencies.append(dependencies_item)

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "valid": valid,
                "pipelines": pipelines,
                "bundle": bundle,
                "dependencies": dependencies,
                "changes": changes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bundle_validation_bundle import BundleValidationBundle  # noqa: PLC0415
        from ..models.deployment_dependency import DeploymentDependency  # noqa: PLC0415
        from ..models.pipeline_change import PipelineChange  # noqa: PLC0415
        from ..models.valid_pipeline import ValidPipeline  # noqa: PLC0415

        d = dict(src_dict)
        valid = d.pop("valid")

        pipelines = []
        _pipelines = d.pop("pipelines")
        for pipelines_item_data in _pipelines:
            pipelines_item = ValidPipeline.from_dict(pipelines_item_data)

            pipelines.append(pipelines_item)

        bundle = BundleValidationBundle.from_dict(d.pop("bundle"))

        dependencies = []
        _dependencies = d.pop("dependencies")
        for dependencies_item_data in _dependencies:
            dependencies_item = DeploymentDependency.from_dict(dependencies_item_data)

            dependencies.append(dependencies_item)

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = PipelineChange.from_dict(changes_item_data)

            changes.append(changes_item)

        bundle_validation = cls(
            valid=valid,
            pipelines=pipelines,
            bundle=bundle,
            dependencies=dependencies,
            changes=changes,
        )

        return bundle_validation
