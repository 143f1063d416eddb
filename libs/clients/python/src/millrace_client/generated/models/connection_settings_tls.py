from typing import Literal

ConnectionSettingsTls = Literal["disable", "require", "verify"]

CONNECTION_SETTINGS_TLS_VALUES: set[ConnectionSettingsTls] = {
    "disable",
    "require",
    "verify",
}


def check_connection_settings_tls(value: str) -> ConnectionSettingsTls:
    if value in CONNECTION_SETTINGS_TLS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONNECTION_SETTINGS_TLS_VALUES!r}"
    )
