from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
    from ..models.missing_run_log_lines import MissingRunLogLines
    from ..models.run_log_line import RunLogLine


T = TypeVar("T", bound="RunLogPage")


@_attrs_define
class RunLogPage:
    data: list[MissingRunLogLines | RunLogLine]
    complete: bool
    """ True where it has ended and this page reaches the end: nothing more will come. """
    next_cursor: None | str
    """ Give it as `cursor` for what follows; null where there is nothing yet. """
    incomplete: bool | Unset = UNSET
    """ There where lines at the end are missing, or may be: the runner was lost, or wrote more than came. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.run_log_line import RunLogLine  # noqa: PLC0415

        data = []
        for data_item_data in self.data:
            data_item: dict[str, Any]
            if isinstance(data_item_data, RunLogLine):
                data_item = data_item_data.to_dict()
            else:
                data_item = data_item_data.to_dict()

            data.append(data_item)

        complete = self.complete

        next_cursor: None | str
        next_cursor = self.next_cursor

        incomplete = self.incomplete

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "data": data,
                "complete": complete,
                "nextCursor": next_cursor,
            }
        )
        if incomplete is not UNSET:
            field_dict["incomplete"] = incomplete

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.missing_run_log_lines import MissingRunLogLines  # noqa: PLC0415
        from ..models.run_log_line import RunLogLine  # noqa: PLC0415

        d = dict(src_dict)
        data = []
        _data = d.pop("data")
        for data_item_data in _data:

            def _parse_data_item(data: object) -> MissingRunLogLines | RunLogLine:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    data_item_type_0 = RunLogLine.from_dict(data)

                    return data_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                data_item_type_1 = MissingRunLogLines.from_dict(data)

                return data_item_type_1

            data_item = _parse_data_item(data_item_data)

            data.append(data_item)

        complete = d.pop("complete")

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("nextCursor"))

        incomplete = d.pop("incomplete", UNSET)

        run_log_page = cls(
            data=data,
            complete=complete,
            next_cursor=next_cursor,
            incomplete=incomplete,
        )

        return run_log_page
