"""The history of aliases as rows of bars: where a version is certain, and where two are possible.

Places are shares of the width, 0 to 1000, so that one drawing fits every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.domain.inventory.queries import AliasLine
from headway.domain.inventory.rules.aliases import Span

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time. `sure` False: inside the interval of a change."""

    x: float
    width: float
    label: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An alias with its bars, the oldest first."""

    alias: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows over one stretch of time."""

    rows: Sequence[Row]
    start: datetime
    end: datetime


def timeline(aliases: Sequence[AliasLine], at: datetime) -> Timeline | None:
    """Return the drawing of all aliases until `at`; None where there is nothing to draw."""
    moments = [
        moment
        for line in aliases
        for span in line.spans
        for moment in (span.began.after, span.began.by)
        if moment is not None
    ]
    if not moments:
        return None
    start = min(moments)
    end = max(at, max(moments), start + timedelta(days=1))
    rows = [Row(line.alias, _bars(line.spans, start, end)) for line in aliases if line.spans]
    return Timeline(rows, start, end)


def _bars(spans: Sequence[Span], start: datetime, end: datetime) -> Sequence[Bar]:
    bars: list[Bar] = []
    for span in reversed(spans):
        began, ended = span.began, span.ended
        if began.after is not None:
            words = f"{_said(began.from_version)} or {_said(began.version)}"
            bars.append(_bar(began.after, began.by, words, (start, end), sure=False))
        until = end if ended is None else (ended.after or ended.by)
        if span.version is not None and until > began.by:
            words = f"version {span.version}"
            bars.append(_bar(began.by, until, words, (start, end), sure=True))
    return bars


def _bar(
    first: datetime, last: datetime, label: str, whole: tuple[datetime, datetime], *, sure: bool
) -> Bar:
    start, end = whole
    scale = WIDTH / (end - start).total_seconds()
    x = (first - start).total_seconds() * scale
    width = (last - first).total_seconds() * scale
    return Bar(round(x, 2), round(max(width, 2.0), 2), label, sure)


def _said(version: str | None) -> str:
    return "nothing" if version is None else f"version {version}"
