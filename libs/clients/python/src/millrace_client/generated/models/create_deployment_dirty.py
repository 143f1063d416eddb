from typing import Literal

CreateDeploymentDirty = Literal["false", "true"]

CREATE_DEPLOYMENT_DIRTY_VALUES: set[CreateDeploymentDirty] = {
    "false",
    "true",
}


def check_create_deployment_dirty(value: str) -> CreateDeploymentDirty:
    if value in CREATE_DEPLOYMENT_DIRTY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CREATE_DEPLOYMENT_DIRTY_VALUES!r}"
    )
