from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

import datetime


T = TypeVar("T", bound="Session")


@_attrs_define
class Session:
    access_token: str
    """ Send it as `Authorization: Bearer …`. """
    access_expires_at: datetime.datetime
    refresh_expires_at: datetime.datetime
    organization_id: str
    user_id: str
    refresh_token: str | Unset = UNSET
    """ Good once, for a new pair of tokens. Absent where the session has a cookie. """

    def to_dict(self) -> dict[str, Any]:
        access_token = self.access_token

        access_expires_at = self.access_expires_at.isoformat()

        refresh_expires_at = self.refresh_expires_at.isoformat()

        organization_id = self.organization_id

        user_id = self.user_id

        refresh_token = self.refresh_token

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accessToken": access_token,
                "accessExpiresAt": access_expires_at,
                "refreshExpiresAt": refresh_expires_at,
                "organizationId": organization_id,
                "userId": user_id,
            }
        )
        if refresh_token is not UNSET:
            field_dict["refreshToken"] = refresh_token

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        access_token = d.pop("accessToken")

        access_expires_at = datetime.datetime.fromisoformat(d.pop("accessExpiresAt"))

        refresh_expires_at = datetime.datetime.fromisoformat(d.pop("refreshExpiresAt"))

        organization_id = d.pop("organizationId")

        user_id = d.pop("userId")

        refresh_token = d.pop("refreshToken", UNSET)

        session = cls(
            access_token=access_token,
            access_expires_at=access_expires_at,
            refresh_expires_at=refresh_expires_at,
            organization_id=organization_id,
            user_id=user_id,
            refresh_token=refresh_token,
        )

        return session
