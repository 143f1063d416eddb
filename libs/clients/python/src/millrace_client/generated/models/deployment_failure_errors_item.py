from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="DeploymentFailureErrorsItem")


@_attrs_define
class DeploymentFailureErrorsItem:
    code: str
    message: str
    file: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        message = self.message

        file = self.file

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "message": message,
            }
        )
        if file is not UNSET:
            field_dict["file"] = file

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        message = d.pop("message")

        file = d.pop("file", UNSET)

        deployment_failure_errors_item = cls(
            code=code,
            message=message,
            file=file,
        )

        return deployment_failure_errors_item
