"""What a judge answers: a verdict per metric, a score per group, one verdict for the canary."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from headway.analysis.quantities import finite
from headway.analysis.trials.canary.config import CanaryConfig, MetricConfig
from headway.analysis.trials.canary.series import Series, Side


class Verdict(StrEnum):
    """The verdict on a canary. Only the first lets it go on."""

    PASS = "pass"
    MARGINAL = "marginal"
    FAIL = "fail"
    NO_DATA = "no data"


class MetricVerdict(StrEnum):
    """The verdict on a metric. Only the first is good; the last three say nothing either way."""

    PASS = "pass"
    HIGH = "high"
    LOW = "low"
    NO_DATA = "no data"
    INSUFFICIENT = "insufficient"
    ERROR = "error"

    @property
    def is_bad(self) -> bool:
        """Say whether the metric got worse."""
        return self in {MetricVerdict.HIGH, MetricVerdict.LOW}

    @property
    def is_known(self) -> bool:
        """Say whether the data answered."""
        return self.is_bad or self is MetricVerdict.PASS


@dataclass(frozen=True, slots=True)
class Stats:
    """A side of a metric: counts, and mean, spread and extremes where there are values."""

    n: int
    gaps: int
    infinite: int
    mean: float | None
    sd: float | None
    min: float | None
    max: float | None

    @classmethod
    def of(cls, values: NDArray[np.float64], series: Series) -> Stats:
        """Return the statistics of the `values` that were judged of `series`."""
        if not values.size:
            return cls(0, series.gaps, series.infinite, None, None, None, None)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows has no mean here
            spread = float(values.std(ddof=1)) if values.size > 1 else 0.0
            numbers = (float(values.mean()), spread, float(values.min()), float(values.max()))
        return cls(values.size, series.gaps, series.infinite, *(finite(one) for one in numbers))

    def as_json(self) -> dict[str, object]:
        """Return plain JSON."""
        keys = ("n", "gaps", "infinite", "mean", "sd", "min", "max")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured of a metric. None: not measured, or not a number.

    `effect` is in the metric's measure (a ratio of means, P(canary > control)) or, where the
    control is zero, `absolute` in its own unit; `bound` is what it was held against.
    """

    measure: str
    effect: float | None = None
    bound: float | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None
    estimate: float | None = None
    detectable: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return plain JSON."""
        keys = ("measure", "effect", "bound", "p", "low", "high", "estimate", "detectable")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """The verdict on one metric, why, and what it rests on.

    `label` is the judge's own word (Kayenta's classification); `is_fatal` fails the canary alone.
    """

    config: MetricConfig
    verdict: MetricVerdict
    reason: str
    label: str
    is_fatal: bool
    found: Found
    control: Stats
    canary: Stats

    def as_json(self) -> dict[str, object]:
        """Return plain JSON."""
        return {
            "name": self.config.name,
            "verdict": self.verdict.value,
            "reason": self.reason,
            "classification": self.label,
            "groups": list(self.config.groups),
            "direction": self.config.direction.value,
            "critical": self.config.is_critical,
            "muted": self.config.is_muted,
            **self.found.as_json(),
            "control": self.control.as_json(),
            "canary": self.canary.as_json(),
        }


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's share of good metrics, 0 to 100, and its weight in the whole, in percent."""

    name: str
    score: float
    weight: float
    has_no_data: bool

    def as_json(self) -> dict[str, object]:
        """Return plain JSON."""
        return {
            "name": self.name,
            "score": self.score,
            "weight": self.weight,
            "no_data": self.has_no_data,
        }


@dataclass(frozen=True, slots=True)
class CanaryAnswer:
    """The verdict on a canary. `score` is 0 to 100, None where nothing could be scored."""

    judge: str
    score: float | None
    verdict: Verdict
    sentence: str
    metrics: Sequence[MetricAnswer]
    groups: Sequence[GroupScore]
    config: CanaryConfig
    seed: int
    notes: Sequence[str]

    def as_json(self) -> dict[str, object]:
        """Return the document of `headway readout canary --json`."""
        return {
            "judge": self.judge,
            "score": self.score,
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "thresholds": {"pass": self.config.pass_score, "marginal": self.config.marginal_score},
            "metrics": [metric.as_json() for metric in self.metrics],
            "groups": [group.as_json() for group in self.groups],
            "seed": self.seed,
            "notes": list(self.notes),
        }


def by_threshold(score: float, config: CanaryConfig) -> Verdict:
    """Return the verdict of a score that everything went into."""
    if score >= config.pass_score:
        return Verdict.PASS
    return Verdict.MARGINAL if score >= config.marginal_score else Verdict.FAIL


def weights_of(groups: Sequence[str], config: CanaryConfig) -> Mapping[str, float]:
    """Return the weight of each of `groups` in percent; those without share what is left."""
    unweighted = [group for group in groups if group not in config.weights]
    left = 100 - math.fsum(config.weights.values())
    return {group: config.weights.get(group, left / max(len(unweighted), 1)) for group in groups}


def grouped(metrics: Sequence[MetricAnswer]) -> dict[str, list[MetricAnswer]]:
    """Return the metrics of each group, groups in the order in which they are first named."""
    found: dict[str, list[MetricAnswer]] = {}
    for metric in metrics:
        for group in metric.config.groups:
            found.setdefault(group, []).append(metric)
    return found


def not_configured(control: Side, canary: Side, config: CanaryConfig) -> list[str]:
    """Return a note that names the metrics of the data which nobody asked about."""
    known = {metric.name for metric in config.metrics}
    extra = sorted({*control, *canary} - known)
    if not extra:
        return []
    shown = ", ".join(repr(name) for name in extra[:5]) + (", …" if len(extra) > 5 else "")
    return [f"Not configured and so not judged: {shown}."]
