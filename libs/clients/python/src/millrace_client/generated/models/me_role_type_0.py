from typing import Literal

MeRoleType0 = Literal["admin", "editor", "operator", "owner", "viewer"]

ME_ROLE_TYPE_0_VALUES: set[MeRoleType0] = {
    "admin",
    "editor",
    "operator",
    "owner",
    "viewer",
}


def check_me_role_type_0(value: str) -> MeRoleType0:
    if value in ME_ROLE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ME_ROLE_TYPE_0_VALUES!r}"
    )
