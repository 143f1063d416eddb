from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.pool_patch_min_tier_type_0 import check_pool_patch_min_tier_type_0
from ..models.pool_patch_min_tier_type_0 import PoolPatchMinTierType0
from ..models.pool_patch_sandbox_mode import check_pool_patch_sandbox_mode
from ..models.pool_patch_sandbox_mode import PoolPatchSandboxMode
from ..models.pool_patch_size import check_pool_patch_size
from ..models.pool_patch_size import PoolPatchSize
from typing import cast


T = TypeVar("T", bound="PoolPatch")


@_attrs_define
class PoolPatch:
    size: PoolPatchSize | Unset = UNSET
    slots_per_runner: int | Unset = UNSET
    max_runners: int | Unset = UNSET
    idle_seconds: int | Unset = UNSET
    sandbox_mode: PoolPatchSandboxMode | Unset = UNSET
    """ `run`: attempts of one run that declare the same secrets and connections follow each other in one process,
    which ends with the run. `fresh`: a sandbox for each attempt. `reuse`: attempts of different runs follow each
    other too; what one leaves in its memory the next can read. A task that says `sandbox: fresh` has one of its own
    in every mode. Runners of another mode leave when their attempts have ended. """
    min_tier: None | PoolPatchMinTierType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        size: str | Unset = UNSET
        if not isinstance(self.size, Unset):
            size = self.size

        slots_per_runner = self.slots_per_runner

        max_runners = self.max_runners

        idle_seconds = self.idle_seconds

        sandbox_mode: str | Unset = UNSET
        if not isinstance(self.sandbox_mode, Unset):
            sandbox_mode = self.sandbox_mode

        min_tier: None | str | Unset
        if isinstance(self.min_tier, Unset):
            min_tier = UNSET
        elif isinstance(self.min_tier, str):
            min_tier = self.min_tier
        else:
            min_tier = self.min_tier

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if size is not UNSET:
            field_dict["size"] = size
        if slots_per_runner is not UNSET:
            field_dict["slotsPerRunner"] = slots_per_runner
        if max_runners is not UNSET:
            field_dict["maxRunners"] = max_runners
        if idle_seconds is not UNSET:
            field_dict["idleSeconds"] = idle_seconds
        if sandbox_mode is not UNSET:
            field_dict["sandboxMode"] = sandbox_mode
        if min_tier is not UNSET:
            field_dict["minTier"] = min_tier

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _size = d.pop("size", UNSET)
        size: PoolPatchSize | Unset
        if isinstance(_size, Unset):
            size = UNSET
        else:
            size = check_pool_patch_size(_size)

        slots_per_runner = d.pop("slotsPerRunner", UNSET)

        max_runners = d.pop("maxRunners", UNSET)

        idle_seconds = d.pop("idleSeconds", UNSET)

        _sandbox_mode = d.pop("sandboxMode", UNSET)
        sandbox_mode: PoolPatchSandboxMode | Unset
        if isinstance(_sandbox_mode, Unset):
            sandbox_mode = UNSET
        else:
            sandbox_mode = check_pool_patch_sandbox_mode(_sandbox_mode)

        def _parse_min_tier(data: object) -> None | PoolPatchMinTierType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                min_tier_type_0 = check_pool_patch_min_tier_type_0(data)

                return min_tier_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PoolPatchMinTierType0 | Unset, data)

        min_tier = _parse_min_tier(d.pop("minTier", UNSET))

        pool_patch = cls(
            size=size,
            slots_per_runner=slots_per_runner,
            max_runners=max_runners,
            idle_seconds=idle_seconds,
            sandbox_mode=sandbox_mode,
            min_tier=min_tier,
        )

        return pool_patch
