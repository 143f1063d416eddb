from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from ..models.deployment_dependency_kind import check_deployment_dependency_kind
from ..models.deployment_dependency_kind import DeploymentDependencyKind


T = TypeVar("T", bound="DeploymentDependency")


@_attrs_define
class DeploymentDependency:
    kind: DeploymentDependencyKind
    digest: str
    """ Digest of the dependency files. """

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        digest = self.digest

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "digest": digest,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_deployment_dependency_kind(d.pop("kind"))

        digest = d.pop("digest")

        deployment_dependency = cls(
            kind=kind,
            digest=digest,
        )

        return deployment_dependency
