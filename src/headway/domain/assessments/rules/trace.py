"""A verdict with everything it rests on: term, value, bound, records; the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headway.domain.assessments.rules.terms import Scalar
from headway.domain.assessments.rules.verdicts import Assessment, Verdict, level_of
from headway.observation import canonical, instant


@dataclass(frozen=True, slots=True)
class Trace:
    """What a term, or terms joined, came to.

    `records` are those that it was judged by, `passed_over` the newest that did not count and
    `why` it did not. `stale_at` is when the answer ends by time; None: never, or it ended already.
    """

    asked: str
    verdict: Verdict
    sentence: str
    value: Scalar | None = None
    bound: str = ""
    records: tuple[int, ...] = ()
    passed_over: tuple[int, ...] = ()
    why: str = ""
    stale_at: datetime | None = None
    parts: tuple[Trace, ...] = ()

    def leaves(self) -> Iterator[Trace]:
        """Yield the terms, without what joins them."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    @property
    def read(self) -> tuple[int, ...]:
        """Return every record that was read, those that did not count too."""
        own = {*self.records, *self.passed_over}
        return tuple(sorted(own.union(*(part.read for part in self.parts))))


def assessment(trace: Trace, rule: str) -> Assessment:
    """Return a trace as the assessment that other pages read."""
    level = level_of(trace.verdict)
    return Assessment(trace.verdict, level, trace.sentence, rule, trace.read)


def plain(trace: Trace) -> dict[str, Any]:
    """Return a trace as JSON-like values; what says nothing is left out."""
    told: dict[str, Any] = {
        "asked": trace.asked,
        "verdict": str(trace.verdict),
        "sentence": trace.sentence,
        "value": trace.value,
        "bound": trace.bound,
        "records": list(trace.records),
        "passed_over": list(trace.passed_over),
        "why": trace.why,
        "stale_at": instant(trace.stale_at) if trace.stale_at else None,
        "parts": [plain(part) for part in trace.parts],
    }
    kept = ("asked", "verdict", "sentence", "records")
    return {key: value for key, value in told.items() if key in kept or value not in (None, "", [])}


def written(trace: Trace) -> str:
    """Return the canonical text of a trace: the same verdict, the same bytes."""
    return canonical(plain(trace))


def earliest(moments: Sequence[datetime | None]) -> datetime | None:
    """Return the first of the moments that there are."""
    return min((moment for moment in moments if moment is not None), default=None)
