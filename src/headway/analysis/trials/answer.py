"""What a readout says: of the split, of each metric and variant, and of the trial as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from headway.analysis.trials.metric import Metric
from headway.analysis.trials.plan import TrialPlan
from headway.analysis.trials.sample_ratio import SampleRatio


class Verdict(StrEnum):
    """What is shown of one metric: good, bad, not enough, no value at all, no way to judge."""

    MET = "met"
    UNMET = "unmet"
    INSUFFICIENT = "insufficient"
    MISSING = "missing"
    ERROR = "error"


class Decision(StrEnum):
    """What to do with a trial. Stop and invalid make the answer bad (exit code 1)."""

    SHIP = "ship"
    STOP = "stop"
    KEEP_RUNNING = "keep running"
    INVALID = "invalid"

    @property
    def is_bad(self) -> bool:
        """Say whether a pipeline should stop here."""
        return self in (Decision.STOP, Decision.INVALID)


@dataclass(frozen=True, slots=True)
class Point:
    """One look at one metric: the effect and the lift with their intervals as they stood then."""

    look: str
    n: int
    effect: float | None
    low: float | None
    high: float | None
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    p: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the look as JSON holds it."""
        return {
            "look": self.look,
            "n": self.n,
            "effect": number(self.effect),
            "ci": interval(self.low, self.high),
            "relative": number(self.relative),
            "relative_ci": interval(self.relative_low, self.relative_high),
            "p": number(self.p),
        }


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """One metric of one treatment against the control.

    `control` and `treatment` are the values (adjusted by the covariate, if there is one), `effect`
    their difference with `low` to `high`, `relative` the lift with its own, `lower` and `upper` the
    one-sided bounds of the lift. `p` is of no effect (of a guardrail: that the margin is broken);
    `p_adjusted` holds for all goals together. `theta` and `kept` are CUPED's. `is_flat`: neither
    arm has any spread; `is_huge`: squares go beyond what a float holds. None is "no answer".
    """

    metric: Metric
    variant: str
    control_name: str
    n_control: int
    n_treatment: int
    control: float | None
    treatment: float | None
    effect: float | None
    low: float | None
    high: float | None
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    p: float | None
    p_adjusted: float | None
    lower: float | None
    upper: float | None
    verdict: Verdict = Verdict.INSUFFICIENT
    sentence: str = ""
    is_flat: bool = False
    is_huge: bool = False
    theta: float = 0.0
    kept: float = 1.0
    chance_to_win: float | None = None
    risk: float | None = None
    path: tuple[Point, ...] = ()

    @property
    def bound(self) -> float | None:
        """Return the bound of the lift that decides a guardrail; None for a goal."""
        if not self.metric.is_guardrail:
            return None
        return self.lower if self.metric.higher_is_better else self.upper

    def as_json(self) -> dict[str, Any]:
        """Return the answer as `headway readout ab --json` prints it."""
        metric = self.metric
        return {
            "name": metric.name,
            "kind": metric.kind.value,
            "role": "guardrail" if metric.is_guardrail else "goal",
            "higher_is_better": metric.higher_is_better,
            "variant": self.variant,
            "control_variant": self.control_name,
            "n": {"control": self.n_control, "treatment": self.n_treatment},
            "control": number(self.control),
            "treatment": number(self.treatment),
            "effect": number(self.effect),
            "relative": number(self.relative),
            "ci": interval(self.low, self.high),
            "relative_ci": interval(self.relative_low, self.relative_high),
            "p": number(self.p),
            "p_adjusted": number(self.p_adjusted),
            "margin": metric.margin,
            "bound": number(self.bound),
            "covariate": metric.covariate or None,
            "theta": number(self.theta) if metric.covariate else None,
            "variance_kept": number(self.kept) if metric.covariate else None,
            "chance_to_win": number(self.chance_to_win),
            "risk": number(self.risk),
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "looks": [point.as_json() for point in self.path],
        }


@dataclass(frozen=True, slots=True)
class VariantAnswer:
    """What to do with one treatment, and why."""

    name: str
    decision: Decision
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the answer as JSON holds it."""
        return {"name": self.name, "verdict": self.decision.value, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Readout:
    """The whole answer. `deviations` say where the reading left the plan, `notes` what to know."""

    plan: TrialPlan
    table: str
    rows: int
    units: int
    exposed: int
    unassigned: int
    looks: int
    method: str
    sample_ratio: SampleRatio
    metrics: tuple[MetricAnswer, ...]
    variants: tuple[VariantAnswer, ...]
    decision: Decision
    sentence: str
    notes: tuple[str, ...]
    deviations: tuple[str, ...] = ()
    agreed: TrialPlan | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the document of `headway readout ab --json`."""
        ratio = self.sample_ratio
        return {
            "data": self.table,
            "rows": self.rows,
            "units": self.units,
            "unassigned": self.unassigned,
            "multiple_exposure": self.exposed,
            "method": self.method,
            "alpha": self.plan.alpha,
            "correction": self.plan.correction.value,
            "looks": self.looks,
            "srm": {
                "p": number(ratio.p),
                "verdict": ratio.verdict,
                "method": ratio.method,
                "p_fixed": number(ratio.p_fixed),
                "p_sequential": number(ratio.p_sequential),
                "observed": dict(ratio.observed),
                "expected": {name: number(count) for name, count in ratio.expected.items()},
                "sentence": ratio.sentence,
            },
            "metrics": [metric.as_json() for metric in self.metrics],
            "variants": [variant.as_json() for variant in self.variants],
            "verdict": self.decision.value,
            "sentence": self.sentence,
            "plan": self._plan_json(),
            "notes": list(self.notes),
        }

    def _plan_json(self) -> dict[str, Any] | None:
        """Return the plan that was agreed, and where it was left; None without one."""
        if self.agreed is None:
            return None
        document = self.agreed.as_json()
        kept = ("digest", "hypothesis", "planned", "locked_on", "amendments")
        return {**{key: document[key] for key in kept}, "deviations": list(self.deviations)}


def number(value: float | None) -> float | None:
    """Return a number that JSON can hold; what is not finite has no answer."""
    return value if value is not None and math.isfinite(value) else None


def interval(low: float | None, high: float | None) -> list[float] | None:
    """Return [low, high], or None where either has no answer."""
    ends = number(low), number(high)
    return None if ends[0] is None or ends[1] is None else [ends[0], ends[1]]


def percent(share: float | None) -> str:
    """Return a signed change in percent, as people read it."""
    if share is None or not math.isfinite(share):
        return "n/a"
    size = abs(share) * 100
    if size < 5e-6:
        return "0 %"
    return f"{'−' if share < 0 else '+'}{size:.3g} %"


def share(value: float | None) -> str:
    """Return a share in percent, without a sign."""
    return "n/a" if value is None else percent(abs(value)).lstrip("+")


def level(share: float) -> str:
    """Return a confidence level, as people read it."""
    return f"{share * 100:.4g} %"


def plain(value: float | None) -> str:
    """Return a value of a metric, as people read it."""
    if value is None or not math.isfinite(value):
        return "n/a"
    return f"{value:,.4g}".replace("-", "−") if abs(value) < 1e4 else f"{value:,.0f}"


def odds(share: float | None) -> str:
    """Return a chance; what is not certain is not called 100 % or 0 %."""
    if share is None:
        return "n/a"
    return "> 99.9 %" if share > 0.999 else "< 0.1 %" if share < 0.001 else f"{share * 100:.1f} %"


def chance(p: float) -> str:
    """Return a p-value, as people read it."""
    return "< 0.0001" if p < 1e-4 else f"{p:.2g}" if p < 0.1 else f"{p:.2f}"
