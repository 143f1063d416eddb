from typing import Literal

PoolSandboxMode = Literal["fresh", "reuse", "run"]

POOL_SANDBOX_MODE_VALUES: set[PoolSandboxMode] = {
    "fresh",
    "reuse",
    "run",
}


def check_pool_sandbox_mode(value: str) -> PoolSandboxMode:
    if value in POOL_SANDBOX_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POOL_SANDBOX_MODE_VALUES!r}"
    )
