from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="DeployedVersion")


@_attrs_define
class DeployedVersion:
    pipeline_id: str
    pipeline: str
    """ Name of the pipeline. """
    version_id: str
    number: int
    is_new: bool
    """ False where a version of the same content was there already. """
    activated: bool
    """ False where activation was not asked for, or a later deployment activated another version meanwhile. """
    previous_version_id: None | str
    """ The version that was active before. """

    def to_dict(self) -> dict[str, Any]:
        pipeline_id = self.pipeline_id

        pipeline = self.pipeline

        version_id = self.version_id

        number = self.number

        is_new = self.is_new

        activated = self.activated

        previous_version_id: None | str
        previous_version_id = self.previous_version_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "pipelineId": pipeline_id,
                "pipeline": pipeline,
                "versionId": version_id,
                "number": number,
                "isNew": is_new,
                "activated": activated,
                "previousVersionId": previous_version_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pipeline_id = d.pop("pipelineId")

        pipeline = d.pop("pipeline")

        version_id = d.pop("versionId")

        number = d.pop("number")

        is_new = d.pop("isNew")

        activated = d.pop("activated")

        def _parse_previous_version_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        previous_version_id = _parse_previous_version_id(d.pop("previousVersionId"))

        deployed_version = cls(
            pipeline_id=pipeline_id,
            pipeline=pipeline,
            version_id=version_id,
            number=number,
            is_new=is_new,
            activated=activated,
            previous_version_id=previous_version_id,
        )

        return deployed_version
