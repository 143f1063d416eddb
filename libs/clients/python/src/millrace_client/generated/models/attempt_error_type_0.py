from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="AttemptErrorType0")


@_attrs_define
class AttemptErrorType0:
    name: str
    message: str
    stack: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        message = self.message

        stack = self.stack

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "message": message,
            }
        )
        if stack is not UNSET:
            field_dict["stack"] = stack

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        message = d.pop("message")

        stack = d.pop("stack", UNSET)

        attempt_error_type_0 = cls(
            name=name,
            message=message,
            stack=stack,
        )

        return attempt_error_type_0
