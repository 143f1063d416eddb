from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset


T = TypeVar("T", bound="DeploymentSource")


@_attrs_define
class DeploymentSource:
    repository: str | Unset = UNSET
    commit: str | Unset = UNSET
    branch: str | Unset = UNSET
    message: str | Unset = UNSET
    dirty: bool | Unset = UNSET
    """ The working copy had changes beyond the commit. """

    def to_dict(self) -> dict[str, Any]:
        repository = self.repository

        commit = self.commit

        branch = self.branch

        message = self.message

        dirty = self.dirty

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if repository is not UNSET:
            field_dict["repository"] = repository
        if commit is not UNSET:
            field_dict["commit"] = commit
        if branch is not UNSET:
            field_dict["branch"] = branch
        if message is not UNSET:
            field_dict["message"] = message
        if dirty is not UNSET:
            field_dict["dirty"] = dirty

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        repository = d.pop("repository", UNSET)

        commit = d.pop("commit", UNSET)

        branch = d.pop("branch", UNSET)

        message = d.pop("message", UNSET)

        dirty = d.pop("dirty", UNSET)

        deployment_source = cls(
            repository=repository,
            commit=commit,
            branch=branch,
            message=message,
            dirty=dirty,
        )

        return deployment_source
