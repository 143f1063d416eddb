from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.environment_patch_notify_type_0_item_email_type_0_type_0 import (
    check_environment_patch_notify_type_0_item_email_type_0_type_0,
)
from ..models.environment_patch_notify_type_0_item_email_type_0_type_0 import (
    EnvironmentPatchNotifyType0ItemEmailType0Type0,
)
from ..models.environment_patch_notify_type_0_item_email_type_1_item_type_0 import (
    check_environment_patch_notify_type_0_item_email_type_1_item_type_0,
)
from ..models.environment_patch_notify_type_0_item_email_type_1_item_type_0 import (
    EnvironmentPatchNotifyType0ItemEmailType1ItemType0,
)
from ..models.environment_patch_notify_type_0_item_on_type_0 import (
    check_environment_patch_notify_type_0_item_on_type_0,
)
from ..models.environment_patch_notify_type_0_item_on_type_0 import (
    EnvironmentPatchNotifyType0ItemOnType0,
)
from ..models.environment_patch_notify_type_0_item_on_type_1_item import (
    check_environment_patch_notify_type_0_item_on_type_1_item,
)
from ..models.environment_patch_notify_type_0_item_on_type_1_item import (
    EnvironmentPatchNotifyType0ItemOnType1Item,
)
from typing import cast


T = TypeVar("T", bound="EnvironmentPatchNotifyType0Item")


@_attrs_define
class EnvironmentPatchNotifyType0Item:
    on: (
        EnvironmentPatchNotifyType0ItemOnType0
        | list[EnvironmentPatchNotifyType0ItemOnType1Item]
    )
    """ The event, or a list of events: `failed`, `recovered` (a success after a failure), `deadline_missed`. """
    email: (
        EnvironmentPatchNotifyType0ItemEmailType0Type0
        | list[EnvironmentPatchNotifyType0ItemEmailType1ItemType0 | str]
        | str
        | Unset
    ) = UNSET
    """ Addresses, or the word `owners`: the owners of the organization. """
    webhook: str | Unset = UNSET
    """ Name of a webhook of the environment. """

    def to_dict(self) -> dict[str, Any]:
        on: list[str] | str
        if isinstance(self.on, str):
            on = self.on
        else:
            on = []
            for on_type_1_item_data in self.on:
                on_type_1_item: str = on_type_1_item_data
                on.append(on_type_1_item)

        email: list[str] | str | Unset
        if isinstance(self.email, Unset):
            email = UNSET
        elif isinstance(self.email, str):
            email = self.email
        elif isinstance(self.email, list):
            email = []
            for email_type_1_item_data in self.email:
                email_type_1_item: str
                if isinstance(email_type_1_item_data, str):
                    email_type_1_item = email_type_1_item_data
                else:
                    email_type_1_item = email_type_1_item_data
                email.append(email_type_1_item)

        else:
            email = self.email

        webhook = self.webhook

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "on": on,
            }
        )
        if email is not UNSET:
            field_dict["email"] = email
        if webhook is not UNSET:
            field_dict["webhook"] = webhook

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_on(
            data: object,
        ) -> (
            EnvironmentPatchNotifyType0ItemOnType0
            | list[EnvironmentPatchNotifyType0ItemOnType1Item]
        ):
            try:
                if not isinstance(data, str):
                    raise TypeError()
                on_type_0 = check_environment_patch_notify_type_0_item_on_type_0(data)

                return on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            on_type_1 = []
            _on_type_1 = data
            for on_type_1_item_data in _on_type_1:
                on_type_1_item = (
                    check_environment_patch_notify_type_0_item_on_type_1_item(
                        on_type_1_item_data
                    )
                )

                on_type_1.append(on_type_1_item)

            return on_type_1

        on = _parse_on(d.pop("on"))

        def _parse_email(
            data: object,
        ) -> (
            EnvironmentPatchNotifyType0ItemEmailType0Type0
            | list[EnvironmentPatchNotifyType0ItemEmailType1ItemType0 | str]
            | str
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                email_type_0_type_0 = (
                    check_environment_patch_notify_type_0_item_email_type_0_type_0(data)
                )

                return email_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                email_type_1 = []
                _email_type_1 = data
                for email_type_1_item_data in _email_type_1:

                    def _parse_email_type_1_item(
                        data: object,
                    ) -> EnvironmentPatchNotifyType0ItemEmailType1ItemType0 | str:
                        try:
                            if not isinstance(data, str):
                                raise TypeError()
                            email_type_1_item_type_0 = check_environment_patch_notify_type_0_item_email_type_1_item_type_0(
                                data
                            )

                            return email_type_1_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(
                            EnvironmentPatchNotifyType0ItemEmailType1ItemType0 | str,
                            data,
                        )

                    email_type_1_item = _parse_email_type_1_item(email_type_1_item_data)

                    email_type_1.append(email_type_1_item)

                return email_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                EnvironmentPatchNotifyType0ItemEmailType0Type0
                | list[EnvironmentPatchNotifyType0ItemEmailType1ItemType0 | str]
                | str
                | Unset,
                data,
            )

        email = _parse_email(d.pop("email", UNSET))

        webhook = d.pop("webhook", UNSET)

        environment_patch_notify_type_0_item = cls(
            on=on,
            email=email,
            webhook=webhook,
        )

        return environment_patch_notify_type_0_item
