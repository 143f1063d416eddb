from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.version_detail_files_item import VersionDetailFilesItem
    from ..models.version_detail_notify_type_0_item import VersionDetailNotifyType0Item


T = TypeVar("T", bound="VersionDetail")


@_attrs_define
class VersionDetail:
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
    definition: Any
    """ The definition as it was pushed. """
    source_file: None | str
    """ File of the bundle that holds the definition. """
    plan: Any
    """ What a run carries out: every default resolved. """
    params: Any
    """ JSON Schema (2020-12) of the params of a run. """
    notify: list[VersionDetailNotifyType0Item] | None
    """ Who is told of what; null where the definition does not say. """
    deadline_ms: int | None
    """ From the creation of a run to its end, in milliseconds. """
    files: list[VersionDetailFilesItem]

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        pipeline_id = self.pipeline_id

        number = self.number

        digest = self.digest

        active = self.active

        bundle_digest = self.bundle_digest

        deployment_id = self.deployment_id

        created_at = self.created_at.isoformat()

        definition = self.definition

        source_file: None | str
        source_file = self.source_file

        plan = self.plan

        params = self.params

        notify: list[dict[str, Any]] | None
        if isinstance(self.notify, list):
            notify = []
            for notify_type_0_item_data in self.notify:
                notify_type_0_item = notify_type_0_item_data.to_dict()
                notify.append(notify_type_0_item)

        else:
            notify = self.notify

        deadline_ms: int | None
        deadline_ms = self.deadline_ms

        files = []
        for files_item_data in self.files:
            files_item = files_item_data.to_dict()
            files.append(files_item)

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
                "definition": definition,
                "sourceFile": source_file,
                "plan": plan,
                "params": params,
                "notify": notify,
                "deadlineMs": deadline_ms,
                "files": files,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.version_detail_files_item import VersionDetailFilesItem  # noqa: PLC0415
        from ..models.version_detail_notify_type_0_item import (
            VersionDetailNotifyType0Item,
        )  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        pipeline_id = d.pop("pipelineId")

        number = d.pop("number")

        digest = d.pop("digest")

        active = d.pop("active")

        bundle_digest = d.pop("bundleDigest")

        deployment_id = d.pop("deploymentId")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        definition = d.pop("definition")

        def _parse_source_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source_file = _parse_source_file(d.pop("sourceFile"))

        plan = d.pop("plan")

        params = d.pop("params")

        def _parse_notify(data: object) -> list[VersionDetailNotifyType0Item] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                notify_type_0 = []
                _notify_type_0 = data
                for notify_type_0_item_data in _notify_type_0:
                    notify_type_0_item = VersionDetailNotifyType0Item.from_dict(
                        notify_type_0_item_data
                    )

                    notify_type_0.append(notify_type_0_item)

                return notify_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[VersionDetailNotifyType0Item] | None, data)

        notify = _parse_notify(d.pop("notify"))

        def _parse_deadline_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        deadline_ms = _parse_deadline_ms(d.pop("deadlineMs"))

        files = []
        _files = d.pop("files")
        for files_item_data in _files:
            files_item = VersionDetailFilesItem.from_dict(files_item_data)

            files.append(files_item)

        version_detail = cls(
            id=id,
            pipeline_id=pipeline_id,
            number=number,
            digest=digest,
            active=active,
            bundle_digest=bundle_digest,
            deployment_id=deployment_id,
            created_at=created_at,
            definition=definition,
            source_file=source_file,
            plan=plan,
            params=params,
            notify=notify,
            deadline_ms=deadline_ms,
            files=files,
        )

        return version_detail
