"""The Prometheus connector: whole steps since the last reading, at most a day at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from headway.connectors.base import Batch, Cursor
from headway.connectors.http import Outbound
from headway.connectors.prometheus.client import MOST_SERIES, PrometheusClient
from headway.connectors.prometheus.options import MOST_POINTS, PrometheusOptions
from headway.connectors.prometheus.reading import Reader
from headway.errors import Invalid, Problem
from headway.observation import Observation

_DAY = 86_400
#: A source that rested longer is not caught up with: servers forget, and silence is no evidence.
MOST_BACK = 31 * _DAY
#: Steps of all queries that are told at once.
MOST_AT_ONCE = 2_000
#: Asked for where there is no query, to see whether anybody answers.
_ALIVE = "vector(1)"


class PrometheusConnector:
    """Reads one server's query interface; never writes to it."""

    def __init__(self, options: PrometheusOptions, outbound: Outbound) -> None:
        self._options = options
        self._client = PrometheusClient(outbound, options)
        self._reader = Reader(options)

    @property
    def source(self) -> str:
        """Return the name this server's observations carry."""
        return self._reader.source

    def check(self) -> str:
        """Return what was found at the address. Raises SourceError."""
        self._client.count(_ALIVE)
        queries = self._options.queries
        counts = {name: self._client.count(query) for name, query in queries.items()}
        told = ", ".join(f"{name} {_series(count)}" for name, count in counts.items())
        return (
            f"Prometheus answers at {self._options.server}: "
            f"{told or 'no query is chosen, so nothing is read'}."
        )

    def read(self, cursor: Cursor | None, *, at: datetime, sweep: bool = False) -> Iterator[Batch]:
        """Yield the steps since `cursor`, as `Connector.read` promises.

        With `sweep` the whole look back is read again: late samples may have changed a step, which
        is then told anew.
        """
        step = self._options.step_minutes * 60
        settled = int(at.timestamp()) - self._options.settle_minutes * 60
        until = settled - settled % step
        first = until - self._options.lookback_hours * 3_600
        first += -first % step
        start = first if sweep else self._start(cursor, first)
        late = [_too_late(until - MOST_BACK - start)] if start < until - MOST_BACK else []
        start = max(start, until - MOST_BACK + (start - until) % step)
        self._client.count(_ALIVE)
        return self._read(start, until, step, late)

    def _read(self, start: int, until: int, step: int, refused: list[Problem]) -> Iterator[Batch]:
        chunk = self._chunk(step)
        while start < until and self._options.queries:
            end = min(start + chunk, until)
            observations: list[Observation] = []
            for name in self._options.queries:
                found, problems = self._query(name, start, end)
                observations += found
                refused += problems
            yield Batch(tuple(observations), {"until": end}, tuple(refused))
            start, refused = end, []
        yield Batch((), {"until": max(start, until)}, tuple(refused))

    def _query(self, name: str, start: int, end: int) -> tuple[list[Observation], list[Problem]]:
        options = self._options
        matrix = self._client.range(
            options.queries[name],
            start + options.resolution_seconds,
            end,
            options.resolution_seconds,
        )
        problems = [Problem(name, warning) for warning in matrix.warnings]
        if matrix.left_out:
            sentence = (
                f"{matrix.left_out} series were left out: at most {MOST_SERIES} of numbers are "
                "read. Let the query sum or select."
            )
            problems.append(Problem(name, sentence))
        return self._reader.observations(name, matrix.series, start, end), problems

    def _chunk(self, step: int) -> int:
        """Return how many seconds are read at once: whole steps, a day at most, so many points."""
        told = step * (MOST_AT_ONCE // max(len(self._options.queries), 1))
        most = min(_DAY, MOST_POINTS * self._options.resolution_seconds, told)
        return max(step, most - most % step)

    def _start(self, cursor: Cursor | None, first: int) -> int:
        """Return where to go on. Raises Invalid for a cursor that is not ours."""
        if not cursor:
            return first
        until = cursor.get("until")
        if not isinstance(until, int) or isinstance(until, bool) or cursor.keys() != {"until"}:
            sentence = "The cursor of this source is not one of Prometheus; read it anew."
            raise Invalid(sentence)
        # Another length of step may have been chosen meanwhile.
        step = self._options.step_minutes * 60
        return until - until % step


def _too_late(seconds: int) -> Problem:
    sentence = (
        f"The source rested: {seconds // 3_600} hours more than {MOST_BACK // _DAY} days ago were "
        "not read."
    )
    return Problem("cursor", sentence)


def _series(count: int) -> str:
    return f"gives {count} series" if count else "gives nothing now"
