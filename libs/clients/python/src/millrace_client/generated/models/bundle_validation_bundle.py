from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="BundleValidationBundle")


@_attrs_define
class BundleValidationBundle:
    digest: str
    size_bytes: int
    files: int

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        size_bytes = self.size_bytes

        files = self.files

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "digest": digest,
                "sizeBytes": size_bytes,
                "files": files,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        digest = d.pop("digest")

        size_bytes = d.pop("sizeBytes")

        files = d.pop("files")

        bundle_validation_bundle = cls(
            digest=digest,
            size_bytes=size_bytes,
            files=files,
        )

        return bundle_validation_bundle
