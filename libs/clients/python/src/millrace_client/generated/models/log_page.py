from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.log_page_state_type_0 import check_log_page_state_type_0
from ..models.log_page_state_type_0 import LogPageStateType0
from typing import cast

if TYPE_CHECKING:
    from ..models.log_line import LogLine
    from ..models.missing_log_lines import MissingLogLines


T = TypeVar("T", bound="LogPage")


@_attrs_define
class LogPage:
    attempt: int | None
    """ Number of the attempt (its fence); null where none has begun. """
    state: LogPageStateType0 | None
    data: list[LogLine | MissingLogLines]
    complete: bool
    """ True where it has ended and this page reaches the end: nothing more will come. """
    next_cursor: None | str
    """ Give it as `cursor` for what follows; null where there is nothing yet. """
    incomplete: bool | Unset = UNSET
    """ There where lines at the end are missing, or may be: the runner was lost, or wrote more than came. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.log_line import LogLine  # noqa: PLC0415

        attempt: int | None
        attempt = self.attempt

        state: None | str
        if isinstance(self.state, str):
            state = self.state
        else:
            state = self.state

        data = []
        for data_item_data in self.data:
            data_item: dict[str, Any]
            if isinstance(data_item_data, LogLine):
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
                "attempt": attempt,
                "state": state,
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
        from ..models.log_line import LogLine  # noqa: PLC0415
        from ..models.missing_log_lines import MissingLogLines  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_attempt(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        attempt = _parse_attempt(d.pop("attempt"))

        def _parse_state(data: object) -> LogPageStateType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_type_0 = check_log_page_state_type_0(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LogPageStateType0 | None, data)

        state = _parse_state(d.pop("state"))

        data = []
        _data = d.pop("data")
        for data_item_data in _data:

            def _parse_data_item(data: object) -> LogLine | MissingLogLines:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    data_item_type_0 = LogLine.from_dict(data)

                    return data_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                data_item_type_1 = MissingLogLines.from_dict(data)

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

        log_page = cls(
            attempt=attempt,
            state=state,
            data=data,
            complete=complete,
            next_cursor=next_cursor,
            incomplete=incomplete,
        )

        return log_page
