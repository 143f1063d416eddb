from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define


T = TypeVar("T", bound="LedgerEntrySealedType0")


@_attrs_define
class LedgerEntrySealedType0:
    number: int
    hash_: str

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        hash_ = self.hash_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "number": number,
                "hash": hash_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        hash_ = d.pop("hash")

        ledger_entry_sealed_type_0 = cls(
            number=number,
            hash_=hash_,
        )

        return ledger_entry_sealed_type_0
