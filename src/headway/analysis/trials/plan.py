"""What was agreed before anybody looked: question, metrics, split, method, size, decision rule.

A plan is a frozen value with a digest of its content. A change after it was locked is an amendment
that names day, person, reason and the digest before it: it can be made, and it can be seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from headway.analysis.trials.metric import Kind, Metric, require_distinct
from headway.analysis.trials.multiplicity import Correction
from headway.analysis.trials.spending import MOST_LOOKS, Spending
from headway.errors import Invalid
from headway.observation import canonical, digest

#: Units an arm before a fixed or Bayesian reading counts, and before a sequential one does.
FEWEST_FIXED, FEWEST_SEQUENTIAL = 150, 200
#: Days that a trial runs at least, where its days are known.
SHORTEST_DAYS = 3


class Way(StrEnum):
    """How a trial is read."""

    FIXED = "fixed"
    SEQUENTIAL = "sequential"
    BAYES = "bayes"


class Rule(StrEnum):
    """Which goals have to be better before a variant is shipped; guardrails always have to hold."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of a locked plan: `before` is the digest of what it changed."""

    on: date
    by: str
    what: str
    reason: str
    before: str

    def as_json(self) -> dict[str, str]:
        """Return the amendment as JSON holds it."""
        return {
            "on": self.on.isoformat(),
            "by": self.by,
            "what": self.what,
            "reason": self.reason,
            "before": self.before,
        }


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """A plan for one trial.

    `variant`, `unit` and `time` name columns; without a unit each row is one, without a time the
    data are one look. `split` is `50/50` (control first, then by name) or `control=90,new=10`;
    empty is even. `planned` counts the units of all variants. `looks` > 1 with a planned size makes
    a sequential trial group sequential. `prior` is the standard deviation of the prior on a lift,
    None is flat. `trim` winsorises. `mde` is the relative effect that the size was planned for.
    Shares are 0 to 1.
    """

    metrics: tuple[Metric, ...]
    variant: str = "variant"
    control: str = ""
    unit: str = ""
    time: str = ""
    split: str = ""
    method: Way = Way.FIXED
    alpha: float = 0.05
    looks: int = 1
    planned: int | None = None
    spending: Spending = Spending.OBRIEN_FLEMING
    correction: Correction = Correction.HOLM
    rule: Rule = Rule.ANY
    prior: float | None = None
    trim: float = 0.0
    min_units: int | None = None
    min_days: int = SHORTEST_DAYS
    mde: float | None = None
    power: float = 0.8
    hypothesis: str = ""
    locked_on: date | None = None
    amendments: tuple[Amendment, ...] = field(default=())

    def __post_init__(self) -> None:
        require_distinct(self.metrics)
        if all(metric.is_guardrail for metric in self.metrics):
            sentence = "There are only guardrails; name with --metric what should get better."
            raise Invalid(sentence)
        _require_share("alpha", self.alpha, 0.5)
        _require_share("power", self.power, 1.0)
        _require_counts(self)
        if not 0 <= self.trim < 0.5:
            sentence = f"winsorise is {self.trim:g}; it is a share below 0.5, as in 0.01 for 1 %."
            raise Invalid(sentence)
        if self.method is Way.FIXED and self.looks > 1:
            raise Invalid(_peeking(self.looks, self.alpha))
        for name, positive in (("prior", self.prior), ("least_effect", self.mde)):
            if positive is not None and not (math.isfinite(positive) and positive > 0):
                sentence = f"{name} is {positive:g}; it is a share above 0, as in 0.05 for 5 %."
                raise Invalid(sentence)

    @property
    def goals(self) -> tuple[Metric, ...]:
        """Return the metrics that should get better."""
        return tuple(metric for metric in self.metrics if not metric.is_guardrail)

    @property
    def fewest(self) -> int:
        """Return how many units each arm needs before a reading counts."""
        if self.min_units is not None:
            return self.min_units
        return FEWEST_SEQUENTIAL if self.method is Way.SEQUENTIAL else FEWEST_FIXED

    @property
    def arms(self) -> int:
        """Return how many variants the split is over; two where none is told."""
        return self.split.count("," if "=" in self.split else "/") + 1 if self.split else 2

    @property
    def is_group_sequential(self) -> bool:
        """Say whether the looks are planned, with boundaries of their own."""
        return self.method is Way.SEQUENTIAL and self.looks > 1 and self.planned is not None

    def content(self) -> dict[str, Any]:
        """Return what was agreed, as JSON holds it: all but the lock and the amendments."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        del plain["locked_on"], plain["amendments"]
        plain["metrics"] = [_metric_json(metric) for metric in self.metrics]
        for name in ("method", "spending", "correction", "rule"):
            plain[name] = plain[name].value
        return plain

    @property
    def digest(self) -> str:
        """Return `sha256:…` of the content in canonical JSON (RFC 8785)."""
        return f"sha256:{digest(canonical(self.content()))}"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON holds it; `plan_of_json` reads it back."""
        return {
            **self.content(),
            "locked_on": self.locked_on.isoformat() if self.locked_on else None,
            "amendments": [one.as_json() for one in self.amendments],
            "digest": self.digest,
        }

    def amended(self, on: date, by: str, reason: str, **changes: Any) -> TrialPlan:
        """Return the plan with `changes` of its fields, and the amendment that says so.

        Raises Invalid: the plan was not locked, the reason or the person is missing, nothing
        changes.
        """
        if self.locked_on is None:
            sentence = "The plan is not locked; change it as it is, without an amendment."
            raise Invalid(sentence)
        if not reason.strip() or not by.strip():
            sentence = "An amendment says who makes it and why; name both."
            raise Invalid(sentence)
        changed = replace(self, **changes)
        what = "; ".join(f"{name}: {old} → {new}" for name, old, new in differences(self, changed))
        if not what:
            sentence = "The amendment changes nothing; leave it out."
            raise Invalid(sentence)
        note = Amendment(on, by.strip(), what, reason.strip(), self.digest)
        return replace(changed, amendments=(*self.amendments, note))


def differences(before: TrialPlan, after: TrialPlan) -> list[tuple[str, str, str]]:
    """Return (field, before, after) of what two plans say differently, in words."""
    old, new = before.content(), after.content()
    return [
        (name, shown(getattr(before, name)), shown(getattr(after, name)))
        for name in old
        if old[name] != new[name]
    ]


def shown(value: object) -> str:
    """Return a field of a plan in words."""
    if isinstance(value, tuple):
        return ", ".join(metric_text(metric) for metric in value)
    if value is None or value == "":
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def metric_text(metric: Metric) -> str:
    """Return a metric as the command line writes it."""
    kind = f"ratio={metric.denominator}" if metric.kind is Kind.RATIO else metric.kind.value
    text = f"{metric.column}:{kind}"
    if metric.margin is not None:
        return f"{text}:{'-' if metric.higher_is_better else '+'}{metric.margin:g}"
    if metric.covariate:
        text += f" with {metric.covariate}"
    return text if metric.higher_is_better else f"{text} (lower is better)"


def plan_of_json(document: Mapping[str, Any]) -> TrialPlan:
    """Return the plan that `as_json` wrote. Raises Invalid where the digest does not fit."""
    held = {key: value for key, value in document.items() if key != "digest"}
    held["metrics"] = tuple(
        Metric(**{**one, "kind": Kind(one["kind"])}) for one in document["metrics"]
    )
    words: Mapping[str, type[StrEnum]] = {
        "method": Way,
        "spending": Spending,
        "correction": Correction,
        "rule": Rule,
    }
    for name, word in words.items():
        held[name] = word(document[name])
    locked = document.get("locked_on")
    held["locked_on"] = date.fromisoformat(locked) if locked else None
    held["amendments"] = tuple(
        Amendment(**{**one, "on": date.fromisoformat(one["on"])})
        for one in document.get("amendments", ())
    )
    plan = TrialPlan(**held)
    if document.get("digest", plan.digest) != plan.digest:
        sentence = (
            f"The plan's digest is {document['digest']}, and its content gives {plan.digest}: it "
            "was changed without an amendment."
        )
        raise Invalid(sentence)
    return plan


def _metric_json(metric: Metric) -> dict[str, Any]:
    found = {one.name: getattr(metric, one.name) for one in fields(metric)}
    found["kind"] = metric.kind.value
    return found


def _require_counts(plan: TrialPlan) -> None:
    counted = (
        ("looks", plan.looks, 1),
        ("planned", plan.planned, 1),
        ("min_units", plan.min_units, 2),
        ("min_days", plan.min_days, 0),
    )
    for name, value, least in counted:
        if value is not None and value < least:
            sentence = f"{name} is {value}; it counts, and is at least {least}."
            raise Invalid(sentence)
    if plan.is_group_sequential and plan.looks > MOST_LOOKS:
        sentence = f"looks is {plan.looks}; at most {MOST_LOOKS} can be planned."
        raise Invalid(sentence)


def _require_share(name: str, value: float, below: float) -> None:
    if not 0 < value < below:
        sentence = f"{name} is {value:g}; it is a share between 0 and {below:g}, as in 0.05."
        raise Invalid(sentence)


def _peeking(looks: int, alpha: float) -> str:
    from headway.analysis.trials.spending import inflation_of_looks

    shown_looks = min(looks, 200)
    error = inflation_of_looks(shown_looks, alpha)
    return (
        f"A fixed test is read once; looked at {shown_looks} times it is wrong "
        f"{error * 100:.3g} % of the time when nothing changed, not {alpha * 100:.3g} %. "
        "Use --method sequential, or --looks 1."
    )
