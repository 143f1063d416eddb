from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.pool_min_tier_type_0 import check_pool_min_tier_type_0
from ..models.pool_min_tier_type_0 import PoolMinTierType0
from ..models.pool_sandbox_mode import check_pool_sandbox_mode
from ..models.pool_sandbox_mode import PoolSandboxMode
from ..models.pool_size import check_pool_size
from ..models.pool_size import PoolSize
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.pool_runners import PoolRunners


T = TypeVar("T", bound="Pool")


@_attrs_define
class Pool:
    id: str
    environment_id: str
    environment: str
    """ Slug. """
    name: str
    """ Never changes: definitions refer to it. """
    size: PoolSize
    """ What one slot has: memory and a share of a processor. """
    slots_per_runner: int
    max_runners: int
    idle_seconds: int
    """ A runner leaves when it has had nothing to do for so long. """
    sandbox_mode: PoolSandboxMode
    """ What attempts may share: see `NewPool`. """
    min_tier: None | PoolMinTierType0
    """ Machines that isolate less are refused. """
    runners: PoolRunners
    slots_in_use: int
    """ Task attempts that hold a slot now. """
    slots_leaked: int
    """ Slots that no live attempt holds. Always 0, or it is a fault of the platform. """
    queued: int
    """ Task instances that wait for a runner. """
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        environment_id = self.environment_id

        environment = self.environment

        name = self.name

        size: str = self.size

        slots_per_runner = self.slots_per_runner

        max_runners = self.max_runners

        idle_seconds = self.idle_seconds

        sandbox_mode: str = self.sandbox_mode

        min_tier: None | str
        if isinstance(self.min_tier, str):
            min_tier = self.min_tier
        else:
            min_tier = self.min_tier

        runners = self.runners.to_dict()

        slots_in_use = self.slots_in_use

        slots_leaked = self.slots_leaked

        queued = self.queued

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "environmentId": environment_id,
                "environment": environment,
                "name": name,
                "size": size,
                "slotsPerRunner": slots_per_runner,
                "maxRunners": max_runners,
                "idleSeconds": idle_seconds,
                "sandboxMode": sandbox_mode,
                "minTier": min_tier,
                "runners": runners,
                "slotsInUse": slots_in_use,
                "slotsLeaked": slots_leaked,
                "queued": queued,
                "createdAt": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pool_runners import PoolRunners  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        environment_id = d.pop("environmentId")

        environment = d.pop("environment")

        name = d.pop("name")

        size = check_pool_size(d.pop("size"))

        slots_per_runner = d.pop("slotsPerRunner")

        max_runners = d.pop("maxRunners")

        idle_seconds = d.pop("idleSeconds")

        sandbox_mode = check_pool_sandbox_mode(d.pop("sandboxMode"))

        def _parse_min_tier(data: object) -> None | PoolMinTierType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                min_tier_type_0 = check_pool_min_tier_type_0(data)

                return min_tier_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PoolMinTierType0, data)

        min_tier = _parse_min_tier(d.pop("minTier"))

        runners = PoolRunners.from_dict(d.pop("runners"))

        slots_in_use = d.pop("slotsInUse")

        slots_leaked = d.pop("slotsLeaked")

        queued = d.pop("queued")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        pool = cls(
            id=id,
            environment_id=environment_id,
            environment=environment,
            name=name,
            size=size,
            slots_per_runner=slots_per_runner,
            max_runners=max_runners,
            idle_seconds=idle_seconds,
            sandbox_mode=sandbox_mode,
            min_tier=min_tier,
            runners=runners,
            slots_in_use=slots_in_use,
            slots_leaked=slots_leaked,
            queued=queued,
            created_at=created_at,
        )

        return pool
