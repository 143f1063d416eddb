from typing import Literal

PoolPatchSandboxMode = Literal["fresh", "reuse", "run"]

POOL_PATCH_SANDBOX_MODE_VALUES: set[PoolPatchSandboxMode] = {
    "fresh",
    "reuse",
    "run",
}


def check_pool_patch_sandbox_mode(value: str) -> PoolPatchSandboxMode:
    if value in POOL_PATCH_SANDBOX_MODE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POOL_PATCH_SANDBOX_MODE_VALUES!r}"
    )
