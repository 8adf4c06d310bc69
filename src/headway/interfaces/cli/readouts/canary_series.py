"""Where the two sides of a canary come from: files, or one query asked of Prometheus twice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from headway import clock
from headway.errors import Invalid
from headway.interfaces.cli.place import read_file

if TYPE_CHECKING:
    from headway.analysis.trials.canary import Side
    from headway.connectors.prometheus.client import PrometheusClient

#: What stands in a query for the side: the control's word, then the canary's.
PLACE = "$side"
MOST_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked of Prometheus: the queries, from when to when, how finely (seconds)."""

    queries: Sequence[str]
    minutes: int
    end: str
    step: int


def side_in(path: Path) -> Side:
    """Return the side in a CSV file. Raises Invalid."""
    from headway.analysis.trials.canary import read_side

    try:
        return read_side(read_file(path).decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        sentence = f"{path.name} is not UTF-8 (byte {error.start}); save it as CSV in UTF-8."
        raise Invalid(sentence) from None


def sides_of(
    url: str, sides: tuple[str, str], window: Window, token: Path | None
) -> tuple[Side, Side]:
    """Return both sides as Prometheus tells them. Raises Invalid, and SourceError."""
    from headway.connectors.http import Outbound, Patience, ServerOptions, parse_allowed_hosts
    from headway.connectors.prometheus.client import PrometheusClient

    queries = _queries(window.queries)
    start, end = _span(window)
    secret = read_file(token).decode("utf-8", "replace").strip() if token else None
    options = ServerOptions.model_validate({"url": url, "token": secret})
    allowed = parse_allowed_hosts(os.environ.get("HEADWAY_ALLOW_HOSTS", ""))
    with Outbound(allowed=allowed, patience=Patience(attempts=2)) as outbound:
        client = PrometheusClient(outbound, options)
        found = [
            {
                name: series
                for name, query in queries.items()
                if (series := _values(client, _filled(query, side), (start, end, window.step)))
            }
            for side in sides
        ]
    from headway.analysis.trials.canary import side_of

    return side_of(found[0]), side_of(found[1])


def _queries(lines: Sequence[str]) -> dict[str, str]:
    from headway.connectors.prometheus.options import read_queries

    try:
        queries = read_queries(lines)
    except ValueError as error:
        sentence = f"--query cannot be read: {error}."
        raise Invalid(sentence) from None
    if not queries:
        sentence = f"--prometheus needs a --query, with {PLACE} where the side stands."
        raise Invalid(sentence)
    for name, query in queries.items():
        if PLACE not in query:
            sentence = (
                f"The query {name!r} has no {PLACE}: write it where the two sides differ, as in "
                f'rate(errors_total{{version="{PLACE}"}}[5m]).'
            )
            raise Invalid(sentence)
    return queries


def _filled(query: str, side: str) -> str:
    if not side or any(letter in "\"'`\\\n" for letter in side):
        sentence = f"The side {side[:60]!r} is empty or holds a quote; give a plain word."
        raise Invalid(sentence)
    return query.replace(PLACE, side)


def _span(window: Window) -> tuple[int, int]:
    end = clock.now()
    if window.end:
        try:
            end = datetime.fromisoformat(window.end)
        except ValueError:
            end = end.replace(tzinfo=None)
        if end.tzinfo is None:
            sentence = f"--end is {window.end!r}; write a time with its zone, 2026-11-23T09:00Z."
            raise Invalid(sentence)
    if window.step < 1 or window.minutes < 1 or window.minutes * 60 // window.step > MOST_POINTS:
        sentence = (
            f"--minutes {window.minutes} and --step {window.step} have to be at least 1 and give "
            f"at most {MOST_POINTS:,} points."
        )
        raise Invalid(sentence)
    last = int(end.timestamp()) // window.step * window.step
    length = int(timedelta(minutes=window.minutes).total_seconds())
    return last - length + window.step, last


def _values(client: PrometheusClient, query: str, span: tuple[int, int, int]) -> list[float] | None:
    """Return the values of a query, NaN where a step has none; None when it gives no series."""
    start, end, step = span
    matrix = client.range(query, start, end, step)
    if len(matrix.series) + matrix.left_out > 1:
        sentence = (
            f"{query[:200]} gives {len(matrix.series) + matrix.left_out} series; a side of a "
            "metric is one: let the query sum or select."
        )
        raise Invalid(sentence)
    if not matrix.series:
        return None
    points = {round(at): value for at, value in matrix.series[0].points}
    return [float(points.get(at, "nan")) for at in range(start, end + 1, step)]
