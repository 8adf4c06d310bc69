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
from headway.domain.programs.rules.fields import Reader, choice, clean, day, number, text, whole
from headway.errors import Invalid
from headway.observation import canonical, digest

METHODS = ("fixed", "sequential", "bayes")
#: What is decided of an experiment.
DECISIONS = ("ship", "stop", "ship to some", "run again")
#: Words of a readout after which the plan itself is in doubt.
MOST_METRICS = 50


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


def _split(field: str, value: object) -> dict[str, float]:
    """Read the share of each variant, by its name; they add up to 1."""
    if not isinstance(value, Mapping) or len(value) < 2:
        sentence = f"The {field} is {str(value)[:60]!r}; write a share for each variant."
        raise Invalid(sentence)
    read = number(0, 1, required=True)
    found = {str(name): float(str(read(f"share of {name}", one))) for name, one in value.items()}
    if abs(sum(found.values()) - 1) > 1e-9 or min(found.values()) <= 0:
        sentence = f"The shares of the variants add up to {sum(found.values()):g}; make it 1."
        raise Invalid(sentence)
    return found


_METRIC_FIELDS: Mapping[str, Reader] = {
    "column": text(200, required=True),
    "kind": choice("mean", "proportion", "ratio"),
    "denominator": text(200),
    "covariate": text(200),
    "direction": choice("increase", "decrease"),
    "margin": number(0),  # a guardrail: by how much it may be worse, as a share of the control
}


def _metrics(field: str, value: object) -> list[dict[str, Any]]:
    """Read the metrics of a plan: the first decides, those with a margin guard."""
    if not isinstance(value, list) or not value:
        sentence = f"The {field} are empty; the first of them decides, name at least that one."
        raise Invalid(sentence)
    if len(value) > MOST_METRICS:
        sentence = f"There are {len(value)} {field}; at most {MOST_METRICS} fit one plan."
        raise Invalid(sentence)
    found = [_metric(one) for one in value]
    columns = [one["column"] for one in found]
    for twice in sorted({name for name in columns if columns.count(name) > 1}):
        sentence = f"The metric '{twice}' is named twice; name each once."
        raise Invalid(sentence)
    return found


def _metric(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        sentence = f"A metric is an object with its column; this is {str(value)[:60]!r}."
        raise Invalid(sentence)
    found = {"kind": "mean", "direction": "increase", **value}
    read = clean({name: one for name, one in found.items() if one is not None}, _METRIC_FIELDS)
    if "column" not in read:
        sentence = "A metric needs the column that holds it."
        raise Invalid(sentence)
    if (read["kind"] == "ratio") != bool(read.get("denominator")):
        sentence = f"The metric '{read['column']}' is a ratio exactly when it has a denominator."
        raise Invalid(sentence)
    return read


PLAN_FIELDS: Mapping[str, Reader] = {
    "variant": text(200, required=True),
    "unit": text(200),
    "control": text(200, required=True),
    "split": _split,
    "metrics": _metrics,
    "method": choice(*METHODS),
    "alpha": number(1e-6, 0.5, required=True),
    "power": number(0.5, 0.999),
    "least_effect": number(0),  # what the sample size is made for, as a share of the control
    "sample_size": whole(2),  # units of each variant
    "looks": whole(1, 1_000),
    "starts": day,
    "ends": day,
    "words": text(2_000),
}

_DEFAULTS: Mapping[str, Any] = {"method": "sequential", "alpha": 0.05, "looks": 1}
_NEEDED = ("variant", "control", "split", "metrics")


def read_plan(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan of an online experiment as JSON to keep. Raises Invalid for one with gaps."""
    read = clean({**_DEFAULTS, **values}, PLAN_FIELDS)
    for field in _NEEDED:
        if not read.get(field):
            sentence = f"The plan of an experiment needs its {field}."
            raise Invalid(sentence)
    if read["control"] not in read["split"]:  # type: ignore[operator]
        known = ", ".join(read["split"])  # type: ignore[arg-type]
        sentence = f"The control '{read['control']}' is none of the variants: {known}."
        raise Invalid(sentence)
    return {name: _text_of(one) for name, one in read.items() if one not in (None, "")}


def _text_of(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def plan_digest(plan: Mapping[str, Any]) -> str:
    """Return the digest of a plan, by which it is known that nobody changed it since."""
    return digest(canonical(json.loads(json.dumps(plan))))


TRIAL_FIELDS: Mapping[str, Reader] = {"question": text(500, required=True)}
