"""The maturity models as data: levels, columns, criteria, and what evidence can answer each.

The files lie beside this package (`maturity/catalogue`); the wording in them is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

#: The models in the order that pages show them, and the ML Test Score after them.
MODELS = ("google", "microsoft", "aws")
SCORE = "mlts"
#: Tests in each section of the ML Test Score.
SECTION = 7

#: Optimistic, most likely, pessimistic; in working days of one person.
Effort = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a model, or a section of the ML Test Score."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a model; `says` describes it, by column where the columns differ."""

    level: int
    name: str
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Band:
    """What a score above `above` means; None: a score of nothing at all."""

    above: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is asked. `any` are ways in which machine evidence answers it.

    A way is the ids of probes that all have to hold. `by_hand` is the effort of doing it once by
    hand and writing it down, `effort` of doing it so that it lasts; `money` is whole US dollars
    beside the effort, a rough hint.
    """

    id: str
    model: str
    column: str
    name: str
    level: int
    any: tuple[tuple[str, ...], ...]
    effort: Effort
    by_hand: Effort
    money: int
    owner: str
    how: str


@dataclass(frozen=True, slots=True)
class Model:
    """A maturity model, or the ML Test Score (which has sections and no levels)."""

    id: str
    title: str
    source: str
    columns: tuple[Column, ...]
    criteria: tuple[Criterion, ...]
    levels: tuple[Level, ...] = ()
    bands: tuple[Band, ...] = ()

    @property
    def lowest(self) -> int:
        """Return the level of who meets nothing: 0, also where the first level asks something."""
        return 0

    def of_column(self, column: str) -> Sequence[Criterion]:
        """Return the criteria of a column, in order."""
        return [criterion for criterion in self.criteria if criterion.column == column]

    def named(self, level: int) -> str:
        """Return the name of a level."""
        return next((one.name for one in self.levels if one.level == level), "Before the first")


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to the evidence; the fields are explained at the top of its file."""

    id: str
    says: str
    kind: str = ""
    where: Mapping[str, object] = field(default_factory=dict)
    passes: Mapping[str, object] = field(default_factory=dict)
    over: str = ""
    least: int = 1
    days: int | None = None
    times: int = 1
    by_hand: bool = False
    audit: tuple[str, ...] = ()


@cache
def model_of(name: str) -> Model:
    """Return the model (or the ML Test Score) with this id. Raises KeyError for another."""
    if name not in (*MODELS, SCORE):
        raise KeyError(name)
    told = _read(f"{name}.yaml")
    columns = tuple(Column(**one) for one in told["columns"])
    return Model(
        id=told["id"],
        title=told["title"],
        source=told["source"],
        columns=columns,
        criteria=tuple(_criterion(name, one) for one in told["criteria"]),
        levels=tuple(_level(one, columns) for one in told.get("levels", ())),
        bands=tuple(Band(**one) for one in told.get("bands", ())),
    )


@cache
def all_models() -> tuple[Model, ...]:
    """Return the models in order, the ML Test Score last."""
    return tuple(model_of(name) for name in (*MODELS, SCORE))


@cache
def criterion_of(name: str) -> Criterion | None:
    """Return the criterion with this id, of whatever model."""
    return next((one for model in all_models() for one in model.criteria if one.id == name), None)


@cache
def probes() -> Mapping[str, Probe]:
    """Return every probe by its id."""
    found = {}
    for told in _read("probes.yaml"):
        audit = tuple(told.pop("audit", ()))
        found[told["id"]] = Probe(**told, audit=audit)
    return found


def _read(name: str) -> Any:  # noqa: ANN401 - the dataclasses take it apart
    file = resources.files("headway.domain.maturity").joinpath("catalogue", name)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text("utf-8"), Loader=loader)


def _level(told: Mapping[str, Any], columns: Sequence[Column]) -> Level:
    says = {column.id: told.get(column.id, told.get("says", "")) for column in columns}
    return Level(told["level"], told["name"], says)


def _criterion(model: str, told: Mapping[str, Any]) -> Criterion:
    effort = _effort(told["effort"])
    return Criterion(
        id=f"{model}:{told['id']}",
        model=model,
        column=told["column"],
        name=told["name"],
        level=told.get("level", 0),
        any=tuple(tuple(way.split(" + ")) for way in told.get("any", ())),
        effort=effort,
        by_hand=_effort(told.get("by_hand", effort)),
        money=told.get("money", 0),
        owner=told["owner"],
        how=told["how"],
    )


def _effort(told: Sequence[float]) -> Effort:
    optimistic, likely, pessimistic = told
    return (float(optimistic), float(likely), float(pessimistic))
