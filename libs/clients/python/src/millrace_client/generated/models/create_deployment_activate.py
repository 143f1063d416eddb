from typing import Literal

CreateDeploymentActivate = Literal["false", "true"]

CREATE_DEPLOYMENT_ACTIVATE_VALUES: set[CreateDeploymentActivate] = {
    "false",
    "true",
}


def check_create_deployment_activate(value: str) -> CreateDeploymentActivate:
    if value in CREATE_DEPLOYMENT_ACTIVATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CREATE_DEPLOYMENT_ACTIVATE_VALUES!r}"
    )
