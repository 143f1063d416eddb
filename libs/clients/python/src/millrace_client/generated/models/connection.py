from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, TYPE_CHECKING

from attrs import define as _attrs_define


from ..models.connection_tls import check_connection_tls
from ..models.connection_tls import ConnectionTls
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.connection_options import ConnectionOptions


T = TypeVar("T", bound="Connection")


@_attrs_define
class Connection:
    id: str
    name: str
    type_: str
    host: str
    port: int
    username: None | str
    database: None | str
    tls: ConnectionTls
    options: ConnectionOptions
    password_secret: None | str
    """ Name of the secret, of the same environment, that opens it. """
    created_at: datetime.datetime
    updated_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        type_ = self.type_

        host = self.host

        port = self.port

        username: None | str
        username = self.username

        database: None | str
        database = self.database

        tls: str = self.tls

        options = self.options.to_dict()

        password_secret: None | str
        password_secret = self.password_secret

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "name": name,
                "type": type_,
                "host": host,
                "port": port,
                "username": username,
                "database": database,
                "tls": tls,
                "options": options,
                "passwordSecret": password_secret,
                "createdAt": created_at,
                "updatedAt": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.connection_options import ConnectionOptions  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        type_ = d.pop("type")

        host = d.pop("host")

        port = d.pop("port")

        def _parse_username(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        username = _parse_username(d.pop("username"))

        def _parse_database(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        database = _parse_database(d.pop("database"))

        tls = check_connection_tls(d.pop("tls"))

        options = ConnectionOptions.from_dict(d.pop("options"))

        def _parse_password_secret(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        password_secret = _parse_password_secret(d.pop("passwordSecret"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        connection = cls(
            id=id,
            name=name,
            type_=type_,
            host=host,
            port=port,
            username=username,
            database=database,
            tls=tls,
            options=options,
            password_secret=password_secret,
            created_at=created_at,
            updated_at=updated_at,
        )

        return connection
