from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.deployment_state import check_deployment_state
from ..models.deployment_state import DeploymentState
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.deployed_version import DeployedVersion
    from ..models.deployment_dependency import DeploymentDependency
    from ..models.deployment_failure import DeploymentFailure
    from ..models.deployment_source import DeploymentSource


T = TypeVar("T", bound="Deployment")


@_attrs_define
class Deployment:
    id: str
    environment_id: str
    state: DeploymentState
    """ `building` until the dependencies are built; then `ready` or `failed`. """
    message: None | str
    source: DeploymentSource | None
    """ Where the bundle came from, as the client said. """
    bundle_digest: str
    versions: list[DeployedVersion]
    """ Empty until the deployment is ready. """
    dependencies: list[DeploymentDependency]
    error: DeploymentFailure | None
    activate: bool
    rollback_of: None | str
    """ The deployment that this one undid. """
    promoted_from: None | str
    """ The deployment of another environment whose versions this one took over. """
    created_by: str
    created_at: datetime.datetime
    ended_at: datetime.datetime | None

    def to_dict(self) -> dict[str, Any]:
        from ..models.deployment_failure import DeploymentFailure  # noqa: PLC0415
        from ..models.deployment_source import DeploymentSource  # noqa: PLC0415

        id = self.id

        environment_id = self.environment_id

        state: str = self.state

        message: None | str
        message = self.message

        source: dict[str, Any] | None
        if isinstance(self.source, DeploymentSource):
            source = self.source.to_dict()
        else:
            source = self.source

        bundle_digest = self.bundle_digest

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

        dependencies = []
        for dependencies_item_data in self.dependencies:
            dependencies_item = dependencies_item_data.to_dict()
            dependencies.append(dependencies_item)

        error: dict[str, Any] | None
        if isinstance(self.error, DeploymentFailure):
            error = self.error.to_dict()
        else:
            error = self.error

        activate = self.activate

        rollback_of: None | str
        rollback_of = self.rollback_of

        promoted_from: None | str
        promoted_from = self.promoted_from

        created_by = self.created_by

        created_at = self.created_at.isoformat()

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "environmentId": environment_id,
                "state": state,
                "message": message,
                "source": source,
                "bundleDigest": bundle_digest,
                "versions": versions,
                "dependencies": dependencies,
                "error": error,
                "activate": activate,
                "rollbackOf": rollback_of,
                "promotedFrom": promoted_from,
                "createdBy": created_by,
                "createdAt": created_at,
                "endedAt": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployed_version import DeployedVersion  # noqa: PLC0415
        from ..models.deployment_dependency import DeploymentDependency  # noqa: PLC0415
        from ..models.deployment_failure import DeploymentFailure  # noqa: PLC0415
        from ..models.deployment_source import DeploymentSource  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        environment_id = d.pop("environmentId")

        state = check_deployment_state(d.pop("state"))

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message"))

        def _parse_source(data: object) -> DeploymentSource | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                source_type_0 = DeploymentSource.from_dict(data)

                return source_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentSource | None, data)

        source = _parse_source(d.pop("source"))

        bundle_digest = d.pop("bundleDigest")

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = DeployedVersion.from_dict(versions_item_data)

            versions.append(versions_item)

        dependencies = []
        _dependencies = d.pop("dependencies")
        for dependencies_item_data in _dependencies:
            dependencies_item = DeploymentDependency.from_dict(dependencies_item_data)

            dependencies.append(dependencies_item)

        def _parse_error(data: object) -> DeploymentFailure | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = DeploymentFailure.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentFailure | None, data)

        error = _parse_error(d.pop("error"))

        activate = d.pop("activate")

        def _parse_rollback_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rollback_of = _parse_rollback_of(d.pop("rollbackOf"))

        def _parse_promoted_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        promoted_from = _parse_promoted_from(d.pop("promotedFrom"))

        created_by = d.pop("createdBy")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("endedAt"))

        deployment = cls(
            id=id,
            environment_id=environment_id,
            state=state,
            message=message,
            source=source,
            bundle_digest=bundle_digest,
            versions=versions,
            dependencies=dependencies,
            error=error,
            activate=activate,
            rollback_of=rollback_of,
            promoted_from=promoted_from,
            created_by=created_by,
            created_at=created_at,
            ended_at=ended_at,
        )

        return deployment
