"""Facts, terms and grounds for the rules of gates; each says only what a test changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.cast import AT

from headway.domain.assessments.rules.ground import Fact, Ground, facts_in
from headway.domain.assessments.rules.terms import Comparison, Term
from headway.observation import SubjectRef

WORDS = {"model": "meter", "version": "3", "system": "s", "project": "p", "release": "1"}


def a_fact(
    record: int,
    kind: str = "check",
    subject: str = "model:meter@3",
    days: float = -1,
    lasts: float | None = None,
    **values: Any,
) -> Fact:
    """Return what a record says, observed `days` after AT and valid for `lasts` days."""
    seen = AT + timedelta(days=days)
    until = None if lasts is None else seen + timedelta(days=lasts)
    usual: dict[str, object] = {
        "check": {"check": "load", "passed": True, "rows": 10},
        "evaluation": {"metric": "recall", "value": 0.9, "split": "test", "dataset": "d", "n": 50},
        "approval": {"function": "privacy", "decision": "approved"},
        "drill": {"drill": "rollback", "passed": True, "environment": "production"},
    }.get(kind, {})
    return next(iter(facts_in(record, subject, kind, {**usual, **values}, (seen, until))))


def segments(record: int, days: float = -1, **by_segment: float | None) -> Sequence[Fact]:
    """Return an evaluation with segments: the whole first."""
    rows = [{"segment": name, "value": value, "n": 20} for name, value in by_segment.items()]
    payload = {"metric": "recall", "value": 0.9, "n": 50, "split": "test", "segments": rows}
    moments = (AT + timedelta(days=days), None)
    return list(facts_in(record, "model:meter@3", "evaluation", payload, moments))


def a_ground(held: Sequence[Fact] = (), **more: Any) -> Ground:
    """Return a ground that knows every subject of `held`; `facts` says which still speak."""
    known: dict[str, list[str]] = {}
    for subject in sorted({fact.subject for fact in held} | {"model:meter@3"}):
        ref = SubjectRef.parse(subject)
        known.setdefault(f"{ref.kind}:{ref.name}", []).append(subject)
    heard = frozenset((fact.subject, fact.kind) for fact in held)
    given = {"facts": held, "known": known, "heard": heard, "words": WORDS, **more}
    return Ground(**given)


def a_term(evidence: str = "check", **changes: Any) -> Term:
    """Return a term about the judged version."""
    usual: dict[str, dict[str, Any]] = {
        "check": {"field": "passed", "compare": Comparison.IS, "bound": True},
        "evaluation": {
            "field": "value",
            "compare": Comparison.AT_LEAST,
            "bound": 0.9,
            "where": (("metric", "recall"),),
        },
        "approval": {"field": "decision", "compare": Comparison.EQUALS, "bound": "approved"},
        "drill": {"field": "passed", "compare": Comparison.IS, "bound": True},
    }
    about = ("model:{model}@{version}",)
    return Term(**{"evidence": evidence, "about": about, **usual[evidence], **changes})
