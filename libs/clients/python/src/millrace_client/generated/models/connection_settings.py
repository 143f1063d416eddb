from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define

from ..types import UNSET, Unset

from ..models.connection_settings_tls import check_connection_settings_tls
from ..models.connection_settings_tls import ConnectionSettingsTls
from typing import cast

if TYPE_CHECKING:
    from ..models.connection_settings_options import ConnectionSettingsOptions


T = TypeVar("T", bound="ConnectionSettings")


@_attrs_define
class ConnectionSettings:
    type_: str
    host: str
    port: int
    username: None | str | Unset = UNSET
    database: None | str | Unset = UNSET
    tls: ConnectionSettingsTls | Unset = "verify"
    """ `verify`: encrypted, certificate checked; `require`: encrypted. """
    options: ConnectionSettingsOptions | Unset = UNSET
    password_secret: None | str | Unset = UNSET
    """ Name of the secret, of the same environment, that holds the password. """

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        host = self.host

        port = self.port

        username: None | str | Unset
        if isinstance(self.username, Unset):
            username = UNSET
        else:
            username = self.username

        database: None | str | Unset
        if isinstance(self.database, Unset):
            database = UNSET
        else:
            database = self.database

        tls: str | Unset = UNSET
        if not isinstance(self.tls, Unset):
            tls = self.tls

        options: dict[str, Any] | Unset = UNSET
        if not isinstance(self.options, Unset):
            options = self.options.to_dict()

        password_secret: None | str | Unset
        if isinstance(self.password_secret, Unset):
            password_secret = UNSET
        else:
            password_secret = self.password_secret

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "host": host,
                "port": port,
            }
        )
        if username is not UNSET:
            field_dict["username"] = username
        if database is not UNSET:
            field_dict["database"] = database
        if tls is not UNSET:
            field_dict["tls"] = tls
        if options is not UNSET:
            field_dict["options"] = options
        if password_secret is not UNSET:
            field_dict["passwordSecret"] = password_secret

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.connection_settings_options import ConnectionSettingsOptions  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type")

        host = d.pop("host")

        port = d.pop("port")

        def _parse_username(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        username = _parse_username(d.pop("username", UNSET))

        def _parse_database(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        database = _parse_database(d.pop("database", UNSET))

        _tls = d.pop("tls", UNSET)
        tls: ConnectionSettingsTls | Unset
        if isinstance(_tls, Unset):
            tls = UNSET
        else:
            tls = check_connection_settings_tls(_tls)

        _options = d.pop("options", UNSET)
        options: ConnectionSettingsOptions | Unset
        if isinstance(_options, Unset):
            options = UNSET
        else:
            options = ConnectionSettingsOptions.from_dict(_options)

        def _parse_password_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        password_secret = _parse_password_secret(d.pop("passwordSecret", UNSET))

        connection_settings = cls(
            type_=type_,
            host=host,
            port=port,
            username=username,
            database=database,
            tls=tls,
            options=options,
            password_secret=password_secret,
        )

        return connection_settings
