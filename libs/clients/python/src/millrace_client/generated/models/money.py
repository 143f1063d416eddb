from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="Money")


@_attrs_define
class Money:
    nano_usd: str
    """ Whole nano-dollars (10⁻⁹ US dollars). """
    usd: str
    """ The same in dollars, with nine decimals. """

    def to_dict(self) -> dict[str, Any]:
        nano_usd = self.nano_usd

        usd = self.usd

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "nanoUsd": nano_usd,
                "usd": usd,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        nano_usd = d.pop("nanoUsd")

        usd = d.pop("usd")

        money = cls(
            nano_usd=nano_usd,
            usd=usd,
        )

        return money
