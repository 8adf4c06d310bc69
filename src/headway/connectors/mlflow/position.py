"""The cursor of an MLflow source: how far each part has been read, as plain JSON.

`start` and `end` are watermarks in milliseconds: every run with a smaller start (end) time has
been read. `open` runs may still change by themselves and are always read again; `deleted` ones are
remembered so that a restored run is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from headway.errors import Invalid


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ExperimentPosition(_Part):
    """How far one experiment has been read."""

    start: int | None = None
    end: int
    open: set[str] = Field(default_factory=set)
    deleted: set[str] = Field(default_factory=set)


class VersionPosition(_Part):
    """A model version as last told: a short digest of it, its run and its project."""

    digest: str
    run_id: str | None = None
    project: str | None = None


class ModelPosition(_Part):
    """A registered model as last told."""

    aliases: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, VersionPosition] = Field(default_factory=dict)


class SweepPosition(_Part):
    """How far a full sweep has come: experiments done, and the start time reached in the next."""

    done: set[str] = Field(default_factory=set)
    experiment: str = ""
    start: int | None = None


class Position(_Part):
    """Everything that is remembered between two reads of one server."""

    format: Literal[1] = 1
    server: str
    experiments: dict[str, ExperimentPosition] = Field(default_factory=dict)
    models: dict[str, ModelPosition] = Field(default_factory=dict)
    #: Which models the last complete look at the registry was about, and when it began.
    registry_globs: tuple[str, ...] = ()
    registry_at: datetime | None = None
    sweep: SweepPosition | None = None
    swept_at: datetime | None = None

    @classmethod
    def load(cls, cursor: Mapping[str, object] | None, server: str) -> Position:
        """Return the position that `cursor` holds; a fresh one for None, {} or another server."""
        if not cursor or cursor.get("server") != server:
            return cls(server=server)
        try:
            return cls.model_validate(cursor)
        except ValidationError:
            sentence = (
                f"The cursor of MLflow server {server} cannot be read; clear it to read the "
                "server from the start: what is known already is not stored twice."
            )
            raise Invalid(sentence) from None

    def dump(self) -> dict[str, object]:
        """Return plain JSON that `load` reads: equal positions give equal JSON."""
        plain = self.model_dump(mode="json")
        for part in [*plain["experiments"].values(), plain["sweep"] or {}]:
            for key in part.keys() & {"open", "deleted", "done"}:
                part[key] = sorted(part[key])
        return plain
