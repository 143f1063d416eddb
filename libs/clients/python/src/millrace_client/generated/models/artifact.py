from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


import datetime


T = TypeVar("T", bound="Artifact")


@_attrs_define
class Artifact:
    id: str
    run_id: str
    task_id: str
    map_index: int
    """ -1 where the task is not mapped. """
    attempt_id: str
    attempt: int
    """ Number of the attempt (its fence). """
    name: str
    """ Relative path, as the task named it. """
    content_type: str
    """ As the task named it. """
    size_bytes: int
    digest: str
    """ `sha256:` and the SHA-256 of the bytes. """
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        run_id = self.run_id

        task_id = self.task_id

        map_index = self.map_index

        attempt_id = self.attempt_id

        attempt = self.attempt

        name = self.name

        content_type = self.content_type

        size_bytes = self.size_bytes

        digest = self.digest

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "runId": run_id,
                "taskId": task_id,
                "mapIndex": map_index,
                "attemptId": attempt_id,
                "attempt": attempt,
                "name": name,
                "contentType": content_type,
                "sizeBytes": size_bytes,
                "digest": digest,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        run_id = d.pop("runId")

        task_id = d.pop("taskId")

        map_index = d.pop("mapIndex")

        attempt_id = d.pop("attemptId")

        attempt = d.pop("attempt")

        name = d.pop("name")

        content_type = d.pop("contentType")

        size_bytes = d.pop("sizeBytes")

        digest = d.pop("digest")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        artifact = cls(
            id=id,
            run_id=run_id,
            task_id=task_id,
            map_index=map_index,
            attempt_id=attempt_id,
            attempt=attempt,
            name=name,
            content_type=content_type,
            size_bytes=size_bytes,
            digest=digest,
            created_at=created_at,
        )

        return artifact
