"""What a person chooses when connecting a Prometheus server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from headway.connectors.http import ServerOptions
from headway.observation import SubjectRef

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
MOST_QUERIES = 50
LONGEST_QUERY = 2_000
#: Points of one answer: Prometheus itself refuses more than 11,000.
MOST_POINTS = 10_000
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_. -]{0,79}$")
_LABEL = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")


def read_queries(lines: Iterable[str]) -> dict[str, str]:
    """Return PromQL by name from lines of `name = query`. Raises ValueError with the rule."""
    found: dict[str, str] = {}
    for line in lines:
        name, equals, query = line.partition("=")
        if not equals or not query.strip():
            sentence = "a query is written name = query, as in error_rate = rate(errors[5m])"
            raise ValueError(sentence)
        if name.strip() in found:
            sentence = f"the name {name.strip()[:80]!r} is given twice; name each query once"
            raise ValueError(sentence)
        found[name.strip()] = query.strip()
    return found


class PrometheusOptions(ServerOptions):
    """Which queries are read, how finely, and what their numbers are about.

    A step is one observation: the mean of the points within it, which lie `resolution_seconds`
    apart. Works with whatever speaks Prometheus' query interface.
    """

    #: PromQL by the name of the metric it gives; a list holds lines of `name = query`.
    queries: dict[str, str] = Field(default_factory=dict)
    #: What the numbers are about, `deployment:ml/fraud@7` or `model:fraud@7`.
    subject: str = ""
    #: A label whose value is the subject's version: one query then tells of control and canary.
    version_label: str = ""
    step_minutes: Annotated[int, Field(ge=1, le=1_440)] = 15
    resolution_seconds: Annotated[int, Field(ge=1, le=3_600)] = 60
    #: How far back the first reading goes.
    lookback_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 24
    #: How long a step is left alone after its end: late samples may still come.
    settle_minutes: Annotated[int, Field(ge=0, le=1_440)] = 5
    project: Slug | None = None

    @field_validator("queries", mode="before")
    @classmethod
    def _read_lines(cls, value: object) -> object:
        """Take lines of `name = query` for an object, as commands and forms write them."""
        if not isinstance(value, list | tuple):
            return value
        return read_queries([str(line) for line in value])

    @field_validator("queries")
    @classmethod
    def _check_queries(cls, queries: dict[str, str]) -> dict[str, str]:
        if len(queries) > MOST_QUERIES:
            sentence = f"there are {len(queries)} queries; at most {MOST_QUERIES} are read"
            raise ValueError(sentence)
        for name, query in queries.items():
            if not _NAME.match(name):
                sentence = f"the name {name[:80]!r} must begin with a letter and hold 80 at most"
                raise ValueError(sentence)
            if not query.strip() or len(query) > LONGEST_QUERY:
                sentence = f"the query {name!r} is empty or longer than {LONGEST_QUERY} characters"
                raise ValueError(sentence)
        return queries

    @field_validator("subject")
    @classmethod
    def _check_subject(cls, subject: str) -> str:
        return str(SubjectRef.parse(subject)) if subject.strip() else ""

    @field_validator("version_label")
    @classmethod
    def _check_label(cls, label: str) -> str:
        if label and not _LABEL.match(label):
            sentence = "is no name of a label"
            raise ValueError(sentence)
        return label

    @model_validator(mode="after")
    def _fits(self) -> PrometheusOptions:
        """Check that steps hold whole points, and that queries are about something."""
        step = self.step_minutes * 60
        if step % self.resolution_seconds:
            sentence = f"resolution_seconds must divide the step of {step} seconds"
            raise ValueError(sentence)
        if step // self.resolution_seconds > MOST_POINTS:
            sentence = f"a step may hold {MOST_POINTS:,} points; choose a coarser resolution"
            raise ValueError(sentence)
        if self.queries and not self.subject:
            sentence = "queries need a subject: say what they measure, as in deployment:ml/fraud@7"
            raise ValueError(sentence)
        return self
