from typing import Literal

ConnectionTls = Literal["disable", "require", "verify"]

CONNECTION_TLS_VALUES: set[ConnectionTls] = {
    "disable",
    "require",
    "verify",
}


def check_connection_tls(value: str) -> ConnectionTls:
    if value in CONNECTION_TLS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONNECTION_TLS_VALUES!r}"
    )
