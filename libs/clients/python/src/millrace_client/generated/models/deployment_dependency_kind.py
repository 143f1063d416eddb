from typing import Literal

DeploymentDependencyKind = Literal["npm", "pip"]

DEPLOYMENT_DEPENDENCY_KIND_VALUES: set[DeploymentDependencyKind] = {
    "npm",
    "pip",
}


def check_deployment_dependency_kind(value: str) -> DeploymentDependencyKind:
    if value in DEPLOYMENT_DEPENDENCY_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEPLOYMENT_DEPENDENCY_KIND_VALUES!r}"
    )
