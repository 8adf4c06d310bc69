"""The shapes MLflow sends, as far as we read them. What we do not name is ignored."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from headway.errors import Problem

#: MLflow stores Infinity as the largest double, and sends "NaN" as a string.
_LARGEST = 1.797e308


def _number(value: object) -> object:
    """Return None for what MLflow sends in place of a number; anything else is left to pydantic."""
    if isinstance(value, str) and value.lower().lstrip("+-") in {"nan", "infinity", "inf"}:
        return None
    if isinstance(value, float) and (not math.isfinite(value) or abs(value) >= _LARGEST):
        return None
    return value


def _text(value: object) -> object:
    """Return the empty string for null: MLflow uses both for absent."""
    return "" if value is None else value


Number = Annotated[float | None, BeforeValidator(_number)]
Text = Annotated[str, BeforeValidator(_text)]
RunId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]


class _Wire(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )


class Pair(_Wire):
    """A tag or a parameter."""

    key: str
    value: Text = ""


class Metric(_Wire):
    """One logged value; `timestamp` in milliseconds, chosen by whoever logged it."""

    key: str
    value: Number = None
    timestamp: int = 0
    step: int = 0
    dataset_digest: Text = ""


class Experiment(_Wire):
    """A group of runs."""

    experiment_id: str
    name: str
    creation_time: int | None = None


class RunInfo(_Wire):
    """The fixed part of a run; times in milliseconds, 0 or null for not set."""

    run_id: RunId
    run_name: Text = ""
    status: Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]
    start_time: int | None = None
    end_time: int | None = None
    lifecycle_stage: Text = "active"


class RunData(_Wire):
    """What was logged: metrics hold the latest value of each."""

    metrics: tuple[Metric, ...] = ()
    params: tuple[Pair, ...] = ()
    tags: tuple[Pair, ...] = ()


class Dataset(_Wire):
    """A dataset as named by whoever logged it."""

    name: str
    digest: Text = ""


class DatasetInput(_Wire):
    """A dataset that went into a run; its tag `mlflow.data.context` says as what."""

    dataset: Dataset
    tags: tuple[Pair, ...] = ()


class RunInputs(_Wire):
    """What went into a run."""

    dataset_inputs: tuple[DatasetInput, ...] = ()


class Run(_Wire):
    """A run as `runs/search` returns it."""

    info: RunInfo
    data: RunData = RunData()
    inputs: RunInputs = RunInputs()

    @property
    def is_deleted(self) -> bool:
        """Say whether it lies in MLflow's waste-paper basket."""
        return self.info.lifecycle_stage == "deleted"

    @property
    def is_open(self) -> bool:
        """Say whether it may still change by itself."""
        return self.info.status in {"RUNNING", "SCHEDULED"}


class Alias(_Wire):
    """A name that points to one version of a model."""

    alias: str
    version: str


class RegisteredModel(_Wire):
    """A model of the registry."""

    name: str
    aliases: tuple[Alias, ...] = ()
    tags: tuple[Pair, ...] = ()


class ModelVersion(_Wire):
    """A version of a model; times in milliseconds."""

    name: str
    version: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    current_stage: Text = ""
    description: Text = ""
    source: Text = ""
    run_id: Text = ""
    status: Text = "READY"
    tags: tuple[Pair, ...] = ()


Thing = TypeVar("Thing", bound=_Wire)


def read_each(shape: type[Thing], items: Iterable[object]) -> tuple[list[Thing], list[Problem]]:
    """Return the items that have the `shape`, and a problem for each that has not."""
    found: list[Thing] = []
    problems: list[Problem] = []
    for item in items:
        try:
            found.append(shape.model_validate(item))
        except ValidationError as error:
            problems.append(_problem(shape.__name__, item, error))
    return found, problems


def _problem(noun: str, item: object, error: ValidationError) -> Problem:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the whole"
    sentence = f"MLflow sent it with an unreadable {place} ({first['msg']}); it was left out."
    return Problem(where=f"{noun} {_name(item)}", sentence=sentence)


def _name(item: object) -> str:
    """Return what an item calls itself, for a message."""
    if not isinstance(item, dict):
        return "without a name"
    info = item.get("info")
    holder = info if isinstance(info, dict) else item
    name = holder.get("run_id") or holder.get("name") or holder.get("key") or "without a name"
    return str(name)[:100]
