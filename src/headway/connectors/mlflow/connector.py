"""The MLflow connector: the registry first, then the runs of every chosen experiment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from headway.connectors.base import Batch, Cursor
from headway.connectors.http import Outbound
from headway.connectors.mlflow.client import PAGE_LIMIT, MlflowClient
from headway.connectors.mlflow.models import RegistryRead
from headway.connectors.mlflow.options import MlflowOptions, matches
from headway.connectors.mlflow.position import Position
from headway.connectors.mlflow.reading import Reader, milliseconds_of
from headway.connectors.mlflow.runs import RunRead


class MlflowConnector:
    """Reads one MLflow server by REST; never writes to it and never fetches an artifact."""

    def __init__(
        self,
        options: MlflowOptions,
        outbound: Outbound,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        page_limit: int = PAGE_LIMIT,
    ) -> None:
        self._options = options
        self._client = MlflowClient(outbound, options, page_limit=page_limit)
        self._reader = Reader(options)
        self._monotonic = monotonic

    @property
    def source(self) -> str:
        """Return the name this server's observations carry."""
        return self._reader.source

    def check(self) -> str:
        """Return what was found at the address. Raises SourceError."""
        experiments = self._client.experiments()
        chosen = [one for one in experiments if matches(one.name, self._options.experiments)]
        return (
            f"MLflow answers at {self._options.server}: {len(experiments)} experiments, "
            f"{len(chosen)} of them chosen."
        )

    def read(self, cursor: Cursor | None, *, at: datetime, sweep: bool = False) -> Iterator[Batch]:
        """Yield what changed since `cursor`, as `Connector.read` promises."""
        position = Position.load(cursor, self._options.server)
        begun = self._monotonic()
        moment = lambda: at + timedelta(seconds=self._monotonic() - begun)  # noqa: E731
        return self._read(position, moment, at, sweep=sweep)

    def _read(
        self, position: Position, moment: Callable[[], datetime], at: datetime, *, sweep: bool
    ) -> Iterator[Batch]:
        client, options, reader = self._client, self._options, self._reader
        experiments = client.experiments()
        by_id = {experiment.experiment_id: experiment for experiment in experiments}
        yield from RegistryRead(client, options, reader, position, moment, by_id).read()
        runs = RunRead(client, options, reader, position, milliseconds_of(at))
        yield from runs.read(experiments, sweep=sweep)
        if sweep:
            position.sweep, position.swept_at = None, at
        yield Batch((), position.dump(), client.take_problems())
