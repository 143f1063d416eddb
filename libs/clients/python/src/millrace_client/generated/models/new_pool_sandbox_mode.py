from typing import Literal

NewPoolSandboxMode = Literal["fresh", "reuse", "run"]

NEW_POOL_SANDBOX_MODE_VALUES: set[NewPoolSandboxMode] = {
    "fresh",
    "reuse",
    "run",
}


def check_new_pool_sandbox_mode(value: str) -> NewPoolSandboxMode:
    if value in NEW_POOL_SANDBOX_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NEW_POOL_SANDBOX_MODE_VALUES!r}"
    )
