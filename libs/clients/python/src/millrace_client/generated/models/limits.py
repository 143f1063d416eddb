from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


if TYPE_CHECKING:
    from ..models.caller_use import CallerUse
    from ..models.limit import Limit
    from ..models.limits_organization_rate import LimitsOrganizationRate
    from ..models.limits_rate import LimitsRate


T = TypeVar("T", bound="Limits")


@_attrs_define
class Limits:
    plan: str
    title: str
    limits: list[Limit]
    rate: LimitsRate
    """ Requests that one credential may make; the `RateLimit` headers say how many are left. """
    organization_rate: LimitsOrganizationRate
    """ Requests that all callers of the organization may make together. """
    callers: list[CallerUse]
    """ Who made requests in the last hour, the busiest first; at most 100. A key that is bound to one environment
    sees itself only. """

    def to_dict(self) -> dict[str, Any]:
        plan = self.plan

        title = self.title

        limits = []
        for limits_item_data in self.limits:
            limits_item = limits_item_data.to_dict()
            limits.append(limits_item)

        rate = self.rate.to_dict()

        organization_rate = self.organization_rate.to_dict()

        callers = []
        for callers_item_data in self.callers:
            callers_item = callers_item_data.to_dict()
            callers.append(callers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "plan": plan,
                "title": title,
                "limits": limits,
                "rate": rate,
                "organizationRate": organization_rate,
                "callers": callers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.caller_use import CallerUse  # noqa: PLC0415
        from ..models.limit import Limit  # noqa: PLC0415
        from ..models.limits_organization_rate import LimitsOrganizationRate  # noqa: PLC0415
        from ..models.limits_rate import LimitsRate  # noqa: PLC0415

        d = dict(src_dict)
        plan = d.pop("plan")

        title = d.pop("title")

        limits = []
        _limits = d.pop("limits")
        for limits_item_data in _limits:
            limits_item = Limit.from_dict(limits_item_data)

            limits.append(limits_item)

        rate = LimitsRate.from_dict(d.pop("rate"))

        organization_rate = LimitsOrganizationRate.from_dict(d.pop("organizationRate"))

        callers = []
        _callers = d.pop("callers")
        for callers_item_data in _callers:
            callers_item = CallerUse.from_dict(callers_item_data)

            callers.append(callers_item)

        limits = cls(
            plan=plan,
            title=title,
            limits=limits,
            rate=rate,
            organization_rate=organization_rate,
            callers=callers,
        )

        return limits
