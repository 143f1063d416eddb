from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="VersionDetailFilesItem")


@_attrs_define
class VersionDetailFilesItem:
    path: str
    size_bytes: int
    digest: str | Unset = UNSET
    """ SHA-256 of the content; absent in bundles pushed before 0.2.0. """

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        size_bytes = self.size_bytes

        digest = self.digest

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "sizeBytes": size_bytes,
            }
        )
        if digest is not UNSET:
            field_dict["digest"] = digest

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        size_bytes = d.pop("sizeBytes")

        digest = d.pop("digest", UNSET)

        version_detail_files_item = cls(
            path=path,
            size_bytes=size_bytes,
            digest=digest,
        )

        return version_detail_files_item
