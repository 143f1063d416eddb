from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="CostSplit")


@_attrs_define
class CostSplit:
    useful: Money
    retried: Money
    failed: Money
    cancelled: Money
    platform_fault: Money

    def to_dict(self) -> dict[str, Any]:
        useful = self.useful.to_dict()

        retried = self.retried.to_dict()

        failed = self.failed.to_dict()

        cancelled = self.cancelled.to_dict()

        platform_fault = self.platform_fault.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "useful": useful,
                "retried": retried,
                "failed": failed,
                "cancelled": cancelled,
                "platformFault": platform_fault,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        useful = Money.from_dict(d.pop("useful"))

        retried = Money.from_dict(d.pop("retried"))

        failed = Money.from_dict(d.pop("failed"))

        cancelled = Money.from_dict(d.pop("cancelled"))

        platform_fault = Money.from_dict(d.pop("platformFault"))

        cost_split = cls(
            useful=useful,
            retried=retried,
            failed=failed,
            cancelled=cancelled,
            platform_fault=platform_fault,
        )

        return cost_split
