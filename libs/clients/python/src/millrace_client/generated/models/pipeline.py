from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.pipeline_active_version_type_0 import PipelineActiveVersionType0


T = TypeVar("T", bound="Pipeline")


@_attrs_define
class Pipeline:
    id: str
    environment_id: str
    name: str
    description: None | str
    active_version: None | PipelineActiveVersionType0
    """ What new runs use; null where no version was activated yet. """
    paused: bool
    """ A paused pipeline takes no new runs. """
    paused_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        from ..models.pipeline_active_version_type_0 import PipelineActiveVersionType0  # noqa: PLC0415

        id = self.id

        environment_id = self.environment_id

        name = self.name

        description: None | str
        description = self.description

        active_version: dict[str, Any] | None
        if isinstance(self.active_version, PipelineActiveVersionType0):
            active_version = self.active_version.to_dict()
        else:
            active_version = self.active_version

        paused = self.paused

        paused_at: None | str
        if isinstance(self.paused_at, datetime.datetime):
            paused_at = self.paused_at.isoformat()
        else:
            paused_at = self.paused_at

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "environmentId": environment_id,
                "name": name,
                "description": description,
                "activeVersion": active_version,
                "paused": paused,
                "pausedAt": paused_at,
                "createdAt": created_at,
                "updatedAt": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pipeline_active_version_type_0 import PipelineActiveVersionType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        environment_id = d.pop("environmentId")

        name = d.pop("name")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        def _parse_active_version(data: object) -> None | PipelineActiveVersionType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                active_version_type_0 = PipelineActiveVersionType0.from_dict(data)

                return active_version_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PipelineActiveVersionType0, data)

        active_version = _parse_active_version(d.pop("activeVersion"))

        paused = d.pop("paused")

        def _parse_paused_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paused_at_type_0 = datetime.datetime.fromisoformat(data)

                return paused_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        paused_at = _parse_paused_at(d.pop("pausedAt"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        pipeline = cls(
            id=id,
            environment_id=environment_id,
            name=name,
            description=description,
            active_version=active_version,
            paused=paused,
            paused_at=paused_at,
            created_at=created_at,
            updated_at=updated_at,
        )

        return pipeline
