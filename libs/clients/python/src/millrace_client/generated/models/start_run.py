from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
    from ..models.start_run_params import StartRunParams


T = TypeVar("T", bound="StartRun")


@_attrs_define
class StartRun:
    pipeline: str
    """ Id or name of the pipeline. """
    params: StartRunParams | Unset = UNSET
    """ Checked against the schema of the version; default `{}`. At most 256 KiB. """
    version: int | str | Unset = UNSET
    """ Number or id of a version; default: the active one. """

    def to_dict(self) -> dict[str, Any]:
        pipeline = self.pipeline

        params: dict[str, Any] | Unset = UNSET
        if not isinstance(self.params, Unset):
            params = self.params.to_dict()

        version: int | str | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "pipeline": pipeline,
            }
        )
        if params is not UNSET:
            field_dict["params"] = params
        if version is not UNSET:
            field_dict["version"] = version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.start_run_params import StartRunParams  # noqa: PLC0415

        d = dict(src_dict)
        pipeline = d.pop("pipeline")

        _params = d.pop("params", UNSET)
        params: StartRunParams | Unset
        if isinstance(_params, Unset):
            params = UNSET
        else:
            params = StartRunParams.from_dict(_params)

        def _parse_version(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        start_run = cls(
            pipeline=pipeline,
            params=params,
            version=version,
        )

        return start_run
