"""A person's word on a criterion: recorded as evidence, taken back by another record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions import record_evidence
from headway.domain.maturity.queries.known import projects_of_systems
from headway.domain.maturity.rules import Criterion, criterion_of
from headway.domain.maturity.rules.attesting import ATTEST_FIELDS, check_attestation, review_day
from headway.domain.programs.queries import system_named
from headway.domain.programs.rules import SystemFacts
from headway.domain.programs.rules.fields import clean
from headway.errors import Invalid, NotFound
from headway.observation import Observation, SubjectRef

#: The source of what people say in Headway itself.
SOURCE = "headway"


def attest(
    actor: Actor, system: str, criterion: str, values: Mapping[str, object], at: datetime
) -> int:
    """Record a person's answer (ATTEST_FIELDS) to a criterion; return the record.

    Raises NotFound for a system or criterion that is not there, Invalid for an answer that would
    not count: done by hand needs a link and a date.
    """
    require(actor, Permission.EVIDENCE)
    asked = {"answer": "met", "role": "", **values}
    fields = clean(asked, ATTEST_FIELDS)
    check_attestation(fields, at)
    until = datetime.combine(review_day(fields, at), time(23, 59, 59), UTC)
    payload = {
        "item": _criterion(criterion).id,
        "answer": fields["answer"],
        "role": fields["role"],
        "statement": fields.get("statement", ""),
        "link": fields.get("link") or None,
        "done_on": fields.get("done_on"),
        "by_ref": str(actor.member_id or ""),
    }
    return _record(actor, system_named(actor, system), payload, at, until)


def withdraw_attestation(actor: Actor, system: str, criterion: str, at: datetime) -> int:
    """Take an answer back: the undo. What was said stays in the ledger; return the record."""
    require(actor, Permission.EVIDENCE)
    payload = {
        "item": _criterion(criterion).id,
        "answer": "missing",
        "role": "taken back",
        "by_ref": str(actor.member_id or ""),
    }
    return _record(actor, system_named(actor, system), payload, at, None)


def _criterion(name: str) -> Criterion:
    found = criterion_of(name)
    if found is None:
        sentence = f"There is no criterion '{name[:60]}' in any maturity model."
        raise NotFound(sentence)
    return found


def _record(
    actor: Actor,
    system: SystemFacts,
    payload: Mapping[str, object],
    at: datetime,
    until: datetime | None,
) -> int:
    """Record what was said of a system, where its evidence is: in the first of its projects."""
    projects = projects_of_systems(actor, at, [system])[system.id]
    if not projects:
        sentence = f"No project works on {system.name} yet; what is said of it has no place."
        raise Invalid(sentence)
    subject = SubjectRef("system", system.slug)
    seen = Observation(
        subject, "attestation", SOURCE, at, payload, project=projects[0].slug, valid_until=until
    )
    outcome = record_evidence(actor, [seen], at)
    if outcome.refused:
        raise Invalid(outcome.refused[0].reason)
    if not outcome.sequences:
        sentence = "This was said in the same words at the same moment already."
        raise Invalid(sentence)
    return outcome.sequences[0]
