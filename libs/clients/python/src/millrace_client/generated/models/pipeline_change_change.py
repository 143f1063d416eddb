from typing import Literal

PipelineChangeChange = Literal["added", "changed", "removed", "unchanged"]

PIPELINE_CHANGE_CHANGE_VALUES: set[PipelineChangeChange] = {
    "added",
    "changed",
    "removed",
    "unchanged",
}


def check_pipeline_change_change(value: str) -> PipelineChangeChange:
    if value in PIPELINE_CHANGE_CHANGE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {PIPELINE_CHANGE_CHANGE_VALUES!r}"
    )
