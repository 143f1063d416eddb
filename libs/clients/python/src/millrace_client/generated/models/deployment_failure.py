from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.deployment_failure_errors_item import DeploymentFailureErrorsItem


T = TypeVar("T", bound="DeploymentFailure")


@_attrs_define
class DeploymentFailure:
    code: str
    message: str
    errors: list[DeploymentFailureErrorsItem]

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        message = self.message

        errors = []
        for errors_item_data in self.errors:
            errors_item = errors_item_data.to_dict()
            errors.append(errors_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "message": message,
                "errors": errors,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployment_failure_errors_item import DeploymentFailureErrorsItem  # noqa: PLC0415

        d = dict(src_dict)
        code = d.pop("code")

        message = d.pop("message")

        errors = []
        _errors = d.pop("errors")
        for errors_item_data in _errors:
            errors_item = DeploymentFailureErrorsItem.from_dict(errors_item_data)

            errors.append(errors_item)

        deployment_failure = cls(
            code=code,
            message=message,
            errors=errors,
        )

        return deployment_failure
