"""What a check by segments answers: all rows, each segment with its verdict, and what to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.analysis.segments.fairness import Fairness
from headway.analysis.segments.judging import Check, Verdict
from headway.analysis.segments.measured import Estimate, finite
from headway.analysis.segments.metrics import EVERY

#: The rule by which every verdict is given, in a sentence.
RULE = (
    "Met only if the bad end of the interval reaches the bound; the worst of several rules speaks."
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its metrics, how far it is from all rows, and the verdict on it.

    `gap` is the main metric less that of all rows; `weaker` says that it is worse after the
    comparisons are counted (Benjamini and Hochberg). All rows are a segment without a name.
    """

    name: str
    parts: Mapping[str, str]
    n: int
    metrics: Mapping[str, Estimate]
    gap: Estimate | None
    p: float | None
    p_adjusted: float | None
    weaker: bool
    checks: tuple[Check, ...]
    verdict: Verdict
    sentence: str

    def value(self, metric: str) -> float | None:
        """Return the value of a metric; None where there is none."""
        found = self.metrics.get(metric)
        return found.value if found else None

    def as_json(self) -> dict[str, object]:
        """Return the keys of the JSON answer: each metric's value, then each with its interval."""
        found: dict[str, object] = {"n": self.n}
        found |= {name: self.value(name) for name in EVERY}
        found["metrics"] = {name: one.as_json() for name, one in self.metrics.items()}
        found["checks"] = [check.as_json() for check in self.checks]
        return found | {"verdict": self.verdict.value, "sentence": self.sentence}

    def listed(self) -> dict[str, object]:
        """Return the keys of a segment among others."""
        gap = self.gap
        return {
            "segment": self.name,
            "parts": dict(self.parts),
            **self.as_json(),
            "gap": gap.value if gap else None,
            "gap_low": gap.low if gap else None,
            "gap_high": gap.high if gap else None,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "weaker": self.weaker,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """How a model does by segment, the weakest first."""

    table: str
    task: str
    metric: str
    overall: Segment
    segments: tuple[Segment, ...]
    fairness: tuple[Fairness, ...]
    calibration: Mapping[str, object] | None
    edges: Mapping[str, Sequence[float]]
    rows: int
    missing: Mapping[str, Mapping[str, int]]
    positive: object
    threshold: float | None
    confidence: float
    alpha: float
    method: Mapping[str, object]
    verdict: Verdict
    sentence: str
    notes: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Say whether nothing that was asked for is unmet or unknown."""
        return self.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)

    def as_json(self) -> dict[str, object]:
        """Return the document that `--json` prints."""
        tested = [one.p for one in self.segments if one.p_adjusted is not None]
        return {
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "rule": RULE,
            "task": self.task,
            "metric": self.metric,
            "rows": self.rows,
            "used": self.overall.n,
            "missing": {name: dict(counts) for name, counts in self.missing.items()},
            "positive": self.positive,
            "threshold": self.threshold,
            "confidence": self.confidence,
            "overall": self.overall.as_json(),
            "segments": [one.listed() for one in self.segments],
            "multiplicity": {
                "tested": len(tested),
                "method": "Benjamini-Hochberg",
                "alpha": self.alpha,
                "weaker": sum(one.weaker for one in self.segments),
            },
            "edges": {name: [finite(edge) for edge in ends] for name, ends in self.edges.items()},
            "calibration": self.calibration,
            "fairness": [one.as_json() for one in self.fairness],
            "method": dict(self.method),
            "notes": list(self.notes),
        }
