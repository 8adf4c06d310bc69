"""From points to numbers. Pure: the same points give the same observations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from headway.connectors.prometheus.client import Series
from headway.connectors.prometheus.options import PrometheusOptions
from headway.observation import Observation, SubjectRef

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Step:
    """What the points of one step say. `mean` None: not one of them was a number.

    Of the points that belong into it `gaps` are missing: the target was down, or the series had
    gone stale. NaN and infinities are counted apart. `stale` is the number of points missing at
    its end: how long it has been silent.
    """

    mean: float | None
    least: float | None
    most: float | None
    last: float | None
    n: int
    gaps: int
    nan: int
    infinite: int
    stale: int


def step_of(points: Mapping[int, str], start: int, end: int, resolution: int) -> Step:
    """Return what `points` (by their second) say of the step after `start` until `end`."""
    expected = range(start + resolution, end + 1, resolution)
    values = [_number(points[at]) for at in expected if at in points]
    finite = [one for one in values if math.isfinite(one)]
    stale = 0
    for at in reversed(expected):
        if at in points:
            break
        stale += 1
    return Step(
        mean=_mean(finite),
        least=min(finite, default=None),
        most=max(finite, default=None),
        last=finite[-1] if finite else None,
        n=len(finite),
        gaps=len(expected) - len(values),
        nan=sum(math.isnan(one) for one in values),
        infinite=sum(math.isinf(one) for one in values),
        stale=stale,
    )


def _mean(values: Sequence[float]) -> float | None:
    if not values:
        return None
    try:
        return math.fsum(values) / len(values)
    except OverflowError:  # the sum is too large for a float, the mean is not
        return math.fsum(one / len(values) for one in values)


def _number(text: str) -> float:
    """Return the value of a sample; what is none is NaN, so that it is counted."""
    try:
        return float(text)
    except ValueError:
        return math.nan


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns what one server answers into observations that carry its name."""

    options: PrometheusOptions

    @property
    def source(self) -> str:
        """The name observations carry as their source."""
        return f"prometheus:{self.options.server}"

    def observations(
        self, name: str, series: Sequence[Series], start: int, end: int
    ) -> list[Observation]:
        """Return one number a step and series after `start` until `end`; without series, silence.

        A query that gives nothing still tells of each step that there is no value.
        """
        shown = series or (Series({}, ()),)
        length = self.options.step_minutes * 60
        found: list[Observation] = []
        for one in shown:
            points = {round(at): value for at, value in one.points}
            for begin in range(start, end, length):
                step = step_of(points, begin, begin + length, self.options.resolution_seconds)
                found.append(self._observation(name, one.labels, begin + length, step))
        return found

    def _observation(
        self, name: str, labels: Mapping[str, str], end: int, step: Step
    ) -> Observation:
        payload = {
            "metric": _named(name, labels, self.options.version_label),
            "value": step.mean,
            "n": step.n,
            "split": "live",
            "context": self._context(name, step),
        }
        return Observation(
            subject=self._subject(labels),
            kind="evaluation",
            source=self.source,
            observed_at=datetime.fromtimestamp(end, UTC),
            payload=payload,
            project=self.options.project,
        )

    def _context(self, name: str, step: Step) -> dict[str, float | str]:
        context: dict[str, float | str] = {
            "query": self.options.queries[name],
            "step_minutes": self.options.step_minutes,
            "gaps": step.gaps,
            "nan": step.nan,
            "infinite": step.infinite,
            "stale": step.stale,
        }
        numbers = {"min": step.least, "max": step.most, "last": step.last}
        return context | {key: one for key, one in numbers.items() if one is not None}

    def _subject(self, labels: Mapping[str, str]) -> SubjectRef:
        """Return what a series is about: the chosen subject, at the version that a label names."""
        base = SubjectRef.parse(self.options.subject)
        version = labels.get(self.options.version_label, "")[:200]
        is_version = version and not any(one.isspace() or one == "@" for one in version)
        return SubjectRef(base.kind, base.name, version) if is_version else base


def _named(name: str, labels: Mapping[str, str], version_label: str) -> str:
    """Return the metric's name, with the labels that tell its series from others."""
    telling = {
        key: one for key, one in sorted(labels.items()) if key not in {"__name__", version_label}
    }
    if not telling:
        return name
    shown = ",".join(f'{key}="{one}"' for key, one in telling.items())
    return f"{name}{{{shown}}}"[:_LONGEST]
