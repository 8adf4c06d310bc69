"""Every kind of source there is, by the word a person types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from headway.connectors.base import Connector
from headway.connectors.http import Outbound
from headway.connectors.mlflow.connector import MlflowConnector
from headway.connectors.mlflow.options import MlflowOptions
from headway.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: its `name` in commands, its `title` on pages, and how one is made."""

    name: str
    title: str
    options: type[BaseModel]
    make: Callable[[BaseModel, Outbound], Connector]


def _mlflow(options: BaseModel, outbound: Outbound) -> Connector:
    if not isinstance(options, MlflowOptions):
        sentence = f"MLflow needs MlflowOptions, not {type(options).__name__}."
        raise Invalid(sentence)
    return MlflowConnector(options, outbound)


KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (Kind("mlflow", "MLflow", MlflowOptions, _mlflow),)
}


def connect(kind: str, options: Mapping[str, object], outbound: Outbound) -> Connector:
    """Return the connector for `options` (secrets included). Raises Invalid naming each fault."""
    return _kind(kind).make(checked_options(kind, options), outbound)


def checked_options(kind: str, options: Mapping[str, object]) -> BaseModel:
    """Return typed options. Raises Invalid naming each fault, without repeating any value."""
    try:
        return _kind(kind).options.model_validate(options)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        problems = [
            Problem("/".join(str(part) for part in fault["loc"]) or kind, fault["msg"])
            for fault in faults
        ]
        listed = "; ".join(f"{problem.where}: {problem.sentence}" for problem in problems)
        sentence = f"The {_kind(kind).title} source cannot be set up. {listed}."
        raise Invalid(sentence, problems) from None


def _kind(name: str) -> Kind:
    if name not in KINDS:
        sentence = f"There is no source of kind {name!r}; choose one of {', '.join(KINDS)}."
        raise Invalid(sentence)
    return KINDS[name]
