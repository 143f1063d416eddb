from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.ledger_entry_category import check_ledger_entry_category
from ..models.ledger_entry_category import LedgerEntryCategory
from ..models.ledger_entry_kind import check_ledger_entry_kind
from ..models.ledger_entry_kind import LedgerEntryKind
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.ledger_entry_sealed_type_0 import LedgerEntrySealedType0
    from ..models.money import Money


T = TypeVar("T", bound="LedgerEntry")


@_attrs_define
class LedgerEntry:
    id: str
    kind: LedgerEntryKind
    attempt_id: None | str
    run_id: None | str
    task_id: None | str
    map_index: int | None
    pipeline_id: None | str
    environment_id: None | str
    meter: str
    size: None | str
    quantity: int
    unit_price: Money
    amount: Money
    category: LedgerEntryCategory
    occurred_at: datetime.datetime
    sealed: LedgerEntrySealedType0 | None
    """ Place in the chain of the organization and its SHA-256; null until it has been sealed. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.ledger_entry_sealed_type_0 import LedgerEntrySealedType0  # noqa: PLC0415

        id = self.id

        kind: str = self.kind

        attempt_id: None | str
        attempt_id = self.attempt_id

        run_id: None | str
        run_id = self.run_id

        task_id: None | str
        task_id = self.task_id

        map_index: int | None
        map_index = self.map_index

        pipeline_id: None | str
        pipeline_id = self.pipeline_id

        environment_id: None | str
        environment_id = self.environment_id

        meter = self.meter

        size: None | str
        size = self.size

        quantity = self.quantity

        unit_price = self.unit_price.to_dict()

        amount = self.amount.to_dict()

        category: str = self.category

        occurred_at = self.occurred_at.isoformat()

        sealed: dict[str, Any] | None
        if isinstance(self.sealed, LedgerEntrySealedType0):
            sealed = self.sealed.to_dict()
        else:
            sealed = self.sealed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "attemptId": attempt_id,
                "runId": run_id,
                "taskId": task_id,
                "mapIndex": map_index,
                "pipelineId": pipeline_id,
                "environmentId": environment_id,
                "meter": meter,
                "size": size,
                "quantity": quantity,
                "unitPrice": unit_price,
                "amount": amount,
                "category": category,
                "occurredAt": occurred_at,
                "sealed": sealed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ledger_entry_sealed_type_0 import LedgerEntrySealedType0  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = check_ledger_entry_kind(d.pop("kind"))

        def _parse_attempt_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        attempt_id = _parse_attempt_id(d.pop("attemptId"))

        def _parse_run_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        run_id = _parse_run_id(d.pop("runId"))

        def _parse_task_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        task_id = _parse_task_id(d.pop("taskId"))

        def _parse_map_index(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        map_index = _parse_map_index(d.pop("mapIndex"))

        def _parse_pipeline_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        pipeline_id = _parse_pipeline_id(d.pop("pipelineId"))

        def _parse_environment_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        environment_id = _parse_environment_id(d.pop("environmentId"))

        meter = d.pop("meter")

        def _parse_size(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        size = _parse_size(d.pop("size"))

        quantity = d.pop("quantity")

        unit_price = Money.from_dict(d.pop("unitPrice"))

        amount = Money.from_dict(d.pop("amount"))

        category = check_ledger_entry_category(d.pop("category"))

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurredAt"))

        def _parse_sealed(data: object) -> LedgerEntrySealedType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sealed_type_0 = LedgerEntrySealedType0.from_dict(data)

                return sealed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LedgerEntrySealedType0 | None, data)

        sealed = _parse_sealed(d.pop("sealed"))

        ledger_entry = cls(
            id=id,
            kind=kind,
            attempt_id=attempt_id,
            run_id=run_id,
            task_id=task_id,
            map_index=map_index,
            pipeline_id=pipeline_id,
            environment_id=environment_id,
            meter=meter,
            size=size,
            quantity=quantity,
            unit_price=unit_price,
            amount=amount,
            category=category,
            occurred_at=occurred_at,
            sealed=sealed,
        )

        return ledger_entry
