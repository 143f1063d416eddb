from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


import datetime


T = TypeVar("T", bound="Version")


@_attrs_define
class Version:
    id: str
    pipeline_id: str
    number: int
    """ Counts from 1 within the pipeline. """
    digest: str
    """ Digest of the content: definition, files, exact dependencies. """
    active: bool
    bundle_digest: str
    deployment_id: str
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        pipeline_id = self.pipeline_id

        number = self.number

        digest = self.digest

        active = self.active

        bundle_digest = self.bundle_digest

        deployment_id = self.deployment_id

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "pipelineId": pipeline_id,
                "number": number,
                "digest": digest,
                "active": active,
                "bundleDigest": bundle_digest,
                "deploymentId": deployment_id,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        pipeline_id = d.pop("pipelineId")

        number = d.pop("number")

        digest = d.pop("digest")

        active = d.pop("active")

        bundle_digest = d.pop("bundleDigest")

        deployment_id = d.pop("deploymentId")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        version = cls(
            id=id,
            pipeline_id=pipeline_id,
            number=number,
            digest=digest,
            active=active,
            bundle_digest=bundle_digest,
            deployment_id=deployment_id,
            created_at=created_at,
        )

        return version
