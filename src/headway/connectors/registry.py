"""Every kind of source there is, by the word a person types: of evidence, and of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from headway.connectors.base import Connector, WorkConnector
from headway.connectors.github.connector import GithubConnector
from headway.connectors.github.options import GithubOptions
from headway.connectors.gitlab.connector import GitlabConnector
from headway.connectors.gitlab.options import GitlabOptions
from headway.connectors.http import Outbound
from headway.connectors.jira.connector import JiraConnector
from headway.connectors.jira.options import JiraOptions
from headway.connectors.mlflow.connector import MlflowConnector
from headway.connectors.mlflow.options import MlflowOptions
from headway.connectors.prometheus.connector import PrometheusConnector
from headway.connectors.prometheus.options import PrometheusOptions
from headway.errors import Invalid, Problem

Reads = TypeVar("Reads", covariant=True)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Reads]):
    """A kind of source: its `name` in commands, its `title` on pages, and how one is made.

    `make` is called with options of the type `options` and no other; `selects` is the one that
    says which parts of the system are read.
    """

    name: str
    title: str
    options: type[BaseModel]
    make: Callable[[Any, Outbound], Reads]
    selects: str


#: Sources of evidence.
KINDS: Mapping[str, Kind[Connector]] = {
    kind.name: kind
    for kind in (
        Kind("mlflow", "MLflow", MlflowOptions, MlflowConnector, "experiments"),
        Kind("prometheus", "Prometheus", PrometheusOptions, PrometheusConnector, "queries"),
    )
}
#: Sources of work items.
WORK_KINDS: Mapping[str, Kind[WorkConnector]] = {
    kind.name: kind
    for kind in (
        Kind("jira", "Jira", JiraOptions, JiraConnector, "projects"),
        Kind("github", "GitHub", GithubOptions, GithubConnector, "repositories"),
        Kind("gitlab", "GitLab", GitlabOptions, GitlabConnector, "projects"),
    )
}


def connect(kind: str, options: Mapping[str, object], outbound: Outbound) -> Connector:
    """Return the connector for `options` (secrets included). Raises Invalid naming each fault."""
    return _among(KINDS, kind).make(checked_options(kind, options), outbound)


def connect_work(kind: str, options: Mapping[str, object], outbound: Outbound) -> WorkConnector:
    """Return the connector of a tracker. Raises Invalid naming each fault."""
    return _among(WORK_KINDS, kind).make(checked_options(kind, options), outbound)


def title_of(kind: str) -> str:
    """Return what a kind of source is called on pages."""
    return _kind(kind).title


def selection_of(kind: str) -> str:
    """Return the option that says which parts of a system are read."""
    return _kind(kind).selects


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
        sentence = f"The {title_of(kind)} source cannot be set up. {listed}."
        raise Invalid(sentence, problems) from None


def _kind(name: str) -> Kind[Connector] | Kind[WorkConnector]:
    return KINDS[name] if name in KINDS else _among(WORK_KINDS, name)


def _among(kinds: Mapping[str, Kind[Reads]], name: str) -> Kind[Reads]:
    if name not in kinds:
        known = ", ".join([*KINDS, *WORK_KINDS])
        sentence = f"There is no source of kind {name!r}; choose one of {known}."
        raise Invalid(sentence)
    return kinds[name]
