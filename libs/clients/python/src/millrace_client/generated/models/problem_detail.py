from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="ProblemDetail")


@_attrs_define
class ProblemDetail:
    code: str
    """ Stable code of this mistake. """
    message: str
    pointer: str | Unset = UNSET
    """ JSON Pointer (RFC 6901) into the body, or into the query or path parameters. """
    file: str | Unset = UNSET
    """ File inside the bundle. """
    line: int | Unset = UNSET
    """ Counted from 1. """
    column: int | Unset = UNSET
    """ Counted from 1. """
    hint: str | Unset = UNSET
    """ What to do about it. """

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        message = self.message

        pointer = self.pointer

        file = self.file

        line = self.line

        column = self.column

        hint = self.hint

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "message": message,
            }
        )
        if pointer is not UNSET:
            field_dict["pointer"] = pointer
        if file is not UNSET:
            field_dict["file"] = file
        if line is not UNSET:
            field_dict["line"] = line
        if column is not UNSET:
            field_dict["column"] = column
        if hint is not UNSET:
            field_dict["hint"] = hint

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        message = d.pop("message")

        pointer = d.pop("pointer", UNSET)

        file = d.pop("file", UNSET)

        line = d.pop("line", UNSET)

        column = d.pop("column", UNSET)

        hint = d.pop("hint", UNSET)

        problem_detail = cls(
            code=code,
            message=message,
            pointer=pointer,
            file=file,
            line=line,
            column=column,
            hint=hint,
        )

        return problem_detail
