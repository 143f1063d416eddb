from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="PromoteDeployment")


@_attrs_define
class PromoteDeployment:
    environment: str
    """ Slug of the environment to deploy to. """
    activate: bool | Unset = True
    """ `false`: make the versions, but leave the active ones as they are. """
    message: str | Unset = UNSET
    """ What the deployment is about; default: the message of the first. """

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        activate = self.activate

        message = self.message

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
            }
        )
        if activate is not UNSET:
            field_dict["activate"] = activate
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        environment = d.pop("environment")

        activate = d.pop("activate", UNSET)

        message = d.pop("message", UNSET)

        promote_deployment = cls(
            environment=environment,
            activate=activate,
            message=message,
        )

        return promote_deployment
