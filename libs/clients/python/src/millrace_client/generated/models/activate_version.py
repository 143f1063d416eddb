from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


from typing import cast


T = TypeVar("T", bound="ActivateVersion")


@_attrs_define
class ActivateVersion:
    version: int | str
    """ Number or id of the version. """

    def to_dict(self) -> dict[str, Any]:
        version: int | str
        version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_version(data: object) -> int | str:
            return cast(int | str, data)

        version = _parse_version(d.pop("version"))

        activate_version = cls(
            version=version,
        )

        return activate_version
