"""Online experiments: a plan that is locked before the first look, its amendments, its looks.

A plan says beforehand what is compared and when it is decided. Once locked it is changed only by
an amendment with a reason, which names how many looks had been taken by then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from headway.domain.checks.rules.results import EffectResult
from headway.domain.programs.rules.fields import Reader, number, text
from headway.errors import Invalid

#: Keys of a plan and of its metrics that hold one number.
_NUMBERS = frozenset(
    (
        *("alpha", "power", "least_effect", "sample_size", "planned", "looks", "min_units"),
        *("min_days", "prior", "winsorise", "margin"),
    )
)
#: How an experiment is read.
METHODS = ("fixed", "sequential", "bayes")
#: What is decided of an experiment.
DECISIONS = ("ship", "stop", "ship to some", "run again")
#: Characters of the JSON of one plan.
LONGEST_PLAN = 50_000


@dataclass(frozen=True, slots=True)
class AmendmentFacts:
    """One change of a locked plan: what it was and is, why, and how many looks had been taken."""

    number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    looks: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """An online experiment: its question, its plan and what was decided. `seen`: the look then."""

    id: UUID
    workspace_id: UUID
    monitor_id: UUID
    question: str
    plan: Mapping[str, Any]
    digest: str
    state: str  #: draft, locked, decided
    locked_at: datetime | None
    locked_by: str
    decision: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    seen: Mapping[str, Any]
    version: int
    amendments: Sequence[AmendmentFacts] = ()


@dataclass(frozen=True, slots=True)
class LookFacts:
    """One look at an experiment: the verdict, the intervals of each metric, the sample ratio."""

    number: int
    at: datetime
    verdict: str
    word: str
    sentence: str
    n: int | None
    record: int | None
    effects: Sequence[EffectResult]
    sample_ratio: Mapping[str, Any] | None


def read_plan(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan of an online experiment as JSON to keep: the keys of a trial plan's file.

    Raises Invalid for a plan that decides nothing: without a metric, with a split that does not
    add up, a control that is no variant.
    """
    from headway.analysis.trials.plan_fields import plan_of

    for key in ("locked_on", "amendments"):
        if values.get(key):
            sentence = f"'{key}' is not written by hand: locking and amending a plan says it."
            raise Invalid(sentence)
    try:
        said = {name: one for name, one in values.items() if one not in (None, "")}
        written = json.dumps(said, default=_day_text)
    except (TypeError, ValueError, RecursionError) as error:
        sentence = f"The plan does not fit into JSON: {error}."
        raise Invalid(sentence) from None
    if len(written) > LONGEST_PLAN:
        sentence = f"The plan has {len(written):,} characters; at most {LONGEST_PLAN:,} are kept."
        raise Invalid(sentence)
    kept: dict[str, Any] = json.loads(written)
    plan_of(kept)
    _check_split(kept)
    metrics = kept.get("metrics")
    if isinstance(kept.get("split"), dict):
        kept["split"] = {name: _number_of(str(one)) for name, one in kept["split"].items()}
    if isinstance(metrics, list):
        kept["metrics"] = [_counted(one) if isinstance(one, dict) else one for one in metrics]
    return _counted(kept)


def _counted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with numbers that a form sent as text as numbers: equal plans, equal JSON."""
    return {
        name: _number_of(one) if name in _NUMBERS and isinstance(one, str) else one
        for name, one in fields.items()
    }


def _number_of(said: str) -> float | int | str:
    try:
        found = float(said)
    except ValueError:  # "5 %", which the plan's reader knows
        return said
    return int(found) if found.is_integer() else found


def _day_text(value: object) -> str:
    """Return a day as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    sentence = f"it holds a {type(value).__name__}"
    raise TypeError(sentence)


def _check_split(plan: Mapping[str, Any]) -> None:
    """Raise Invalid for shares by variant that do not add up, or that leave the control out."""
    split, control = plan.get("split"), plan.get("control")
    if not isinstance(split, Mapping):
        return
    if len(split) < 2:
        sentence = "The split is of one variant; write a share for each variant."
        raise Invalid(sentence)
    read = number(0, 1, required=True)
    shares = [float(str(read(f"share of {name}", one))) for name, one in split.items()]
    if abs(sum(shares) - 1) > 1e-9 or min(shares) <= 0:
        sentence = f"The shares of the variants add up to {sum(shares):g}; make it 1."
        raise Invalid(sentence)
    if control and control not in split:
        sentence = f"The control '{control}' is none of the variants: {', '.join(split)}."
        raise Invalid(sentence)


def plan_digest(plan: Mapping[str, Any]) -> str:
    """Return the digest of a plan, by which it is known that nobody changed it since."""
    from headway.analysis.trials.plan_fields import plan_of

    return plan_of(plan).digest


TRIAL_FIELDS: Mapping[str, Reader] = {"question": text(500, required=True)}
