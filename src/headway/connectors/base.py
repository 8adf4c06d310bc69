"""What every connector is: something that reads another system in batches and can go on later.

The caller stores a batch's observations and its cursor in one transaction, then asks for the
next. Killed at any moment, it starts again from the last cursor it stored: nothing is lost, and
what is read twice is equal twice, so the ledger keeps it once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from headway.connectors.work import WorkRow
from headway.errors import Problem
from headway.observation import Observation

#: Where reading stands: plain JSON values, made and understood by the connector alone.
Cursor = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some observations, and the `cursor` to go on from once they are stored.

    `refused` are things of the source that could not become evidence, each with its reason;
    `tombstoned` counts the observations that say for the first time that something is deleted.
    """

    observations: tuple[Observation, ...]
    cursor: Cursor
    refused: tuple[Problem, ...] = ()
    tombstoned: int = 0


@runtime_checkable
class Connector(Protocol):
    """Reads one outside system. `source` is the name its observations carry."""

    @property
    def source(self) -> str:
        """Return the stable name of this source, such as `mlflow:ml.example.org`."""
        ...

    def read(self, cursor: Cursor | None, *, at: datetime, sweep: bool = False) -> Iterator[Batch]:
        """Yield what changed since `cursor` (None: everything), at least one batch.

        `at` is the moment the call is made: take it just before. With `sweep` everything is read
        again, to find what changed without leaving a trace. Raises SourceError when the system
        fails; batches yielded before stay valid. Raises Invalid for a cursor it cannot read.
        """
        ...

    def check(self) -> str:
        """Ask the system once and return a sentence on what was found. Raises SourceError."""
        ...


@dataclass(frozen=True, slots=True)
class WorkBatch:
    """Some rows of work, and the `cursor` to go on from once they are kept.

    A row with a key that is known replaces what was known of it. `refused` are items that could not
    become rows, each with its reason; `gone` are keys that the selection held and no longer holds;
    `notes` say what of the source could not be read and what was taken instead.
    """

    rows: tuple[WorkRow, ...]
    cursor: Cursor
    refused: tuple[Problem, ...] = ()
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@runtime_checkable
class WorkConnector(Protocol):
    """Reads the work items of one tracker; never writes to it."""

    @property
    def source(self) -> str:
        """Return the stable name of this source, such as `jira:jira.example.org`."""
        ...

    def read_work(
        self, cursor: Cursor | None, *, at: datetime, sweep: bool = False
    ) -> Iterator[WorkBatch]:
        """Yield what changed since `cursor` (None: everything), at least one batch.

        `at` is the moment the call is made. With `sweep` everything is read again, and the last
        batch names what is gone. Raises SourceError when the system fails; batches yielded before
        stay valid. Raises Invalid for a cursor it cannot read.
        """
        ...

    def check(self) -> str:
        """Ask the system once and return a sentence on what was found. Raises SourceError."""
        ...
