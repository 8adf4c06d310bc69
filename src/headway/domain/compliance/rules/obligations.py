"""Obligations of a system at a date: role × class × day, from the law's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.law import Act, Obligation, Term, ai_act, term_said


@dataclass(frozen=True, slots=True)
class Due:
    """One obligation of a system: what it says, from which day it binds, and where that stands.

    `classes` and `roles` are those of the system that bring it. `verify`: its text or its date was
    not checked against the Official Journal. `note` says why the day is not the general one.
    """

    id: str
    article: str
    title: str
    words: str
    classes: tuple[str, ...]
    roles: tuple[str, ...]
    applies_from: date
    until: date | None
    source: str
    verify: bool
    note: str = ""

    def binds(self, on: date) -> bool:
        """Say whether it binds on a day."""
        return self.applies_from <= on and (self.until is None or on < self.until)


def obligations_for(
    tags: frozenset[str],
    roles: frozenset[str],
    on: date,
    *,
    since: date | None = None,
    practices: Sequence[Term] = (),
) -> tuple[Due, ...]:
    """Return what a system of these classes and roles owes, as the law stood `on` that day.

    `since` is the day from which it is on the market, `practices` what forbids it, or will. Those
    that bind first come first; what ended is left out.
    """
    act = ai_act()
    found = [_due(act, one, tags, roles, on, since) for one in act.obligations]
    if practices:
        stop = next(one for one in act.obligations if "prohibited" in one.classes)
        found.append(_stop(act, stop, roles, min(practices, key=lambda one: one.applies_from)))
    kept = [one for one in found if one is not None and (one.until is None or on < one.until)]
    places = {one.id: place for place, one in enumerate(act.obligations)}
    return tuple(sorted(kept, key=lambda one: (one.applies_from, places[one.id])))


def _due(
    act: Act,
    obligation: Obligation,
    tags: frozenset[str],
    roles: frozenset[str],
    on: date,
    since: date | None,
) -> Due | None:
    classes = [one for one in obligation.classes if one in tags and one != "prohibited"]
    held = sorted(roles) if "any" in obligation.roles else sorted(roles & set(obligation.roles))
    if not classes or (not held and "any" not in obligation.roles):
        return None
    said = [(_from(term, since), term) for term in _terms(act, classes, on)]
    if not said:
        return None
    (applies_from, note), term = min(said, key=lambda one: one[0])
    sources = [obligation.source, term.source]
    return Due(
        obligation.id,
        obligation.article,
        obligation.title,
        obligation.words,
        tuple(classes),
        tuple(held),
        applies_from,
        obligation.until,
        act.sources[term.source].title,
        obligation.verify or term.verify or any(act.sources[one].verify for one in sources),
        note,
    )


def _terms(act: Act, classes: Sequence[str], on: date) -> list[Term]:
    said = [term_said(act.dates[one], on) for one in classes]
    return [one for one in said if one is not None]


def _from(term: Term, since: date | None) -> tuple[date, str]:
    """Return from when a term binds a system that is on the market `since`, and why."""
    if term.grace_before is None or term.grace_from is None:
        return term.applies_from, ""
    if since is not None and since < term.grace_before:
        return term.grace_from, f"on the market before {term.grace_before}: until {term.grace_from}"
    return term.applies_from, ""


def _stop(act: Act, obligation: Obligation, roles: frozenset[str], term: Term) -> Due:
    """Return the ban that holds, or that is to come."""
    source = act.sources[term.source]
    return Due(
        obligation.id,
        obligation.article,
        obligation.title,
        obligation.words,
        ("prohibited",),
        tuple(sorted(roles)),
        term.applies_from,
        None,
        source.title,
        verify=term.verify or source.verify,
        note=f"what it does is forbidden from {term.applies_from}",
    )


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What people wrote of one obligation of a system: whose it is, and how it was met.

    `records` are places in the ledger that show it. `review_on` is the day from which it has to be
    looked at again.
    """

    obligation: str
    owner: str
    state: str
    rationale: str
    records: tuple[int, ...]
    done_on: date | None
    review_on: date | None
    author: str
    at: datetime
    version: int


#: How a duty may stand: said by a person.
DUTY_STATES = ("open", "done", "not_applicable")


def judge_duty(due: Due, duty: DutyFacts | None, expired: Sequence[int], on: date) -> Verdict:
    """Return how an obligation stands on a day; `expired` are records that lasted until before.

    Time never meets one: what was done goes stale on its day of review, or with its evidence.
    """
    if duty is not None and duty.state == "not_applicable":
        return Verdict.NOT_APPLICABLE
    if duty is not None and duty.state == "done":
        is_late = duty.review_on is not None and duty.review_on < on
        return Verdict.STALE if is_late or set(expired) & set(duty.records) else Verdict.MET
    if due.binds(on):
        return Verdict.UNMET if "prohibited" in due.classes else Verdict.MISSING
    return Verdict.NOT_DUE
