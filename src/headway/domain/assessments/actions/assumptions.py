"""Watching what was taken to be true: what held is open again once its metric says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries import assumption_standings
from headway.domain.assessments.rules import Verdict
from headway.domain.assessments.rules.assumptions import AssumptionStanding
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.actions import contradict_assumption, set_risk
from headway.domain.risks.queries import assumptions_of, risks_of


def watch_assumptions(actor: Actor, program: str, at: datetime) -> int:
    """Open each assumption of a program that held and whose metric crossed its bound since.

    Its note says what the evidence was, and each open risk that rests on it is to be reviewed by
    today; whom that concerns is told (`notices`). Returns how many.
    """
    require(actor, Permission.SYNC)
    facts = program_named(actor, program)
    held = {
        one.key
        for one in assumptions_of(actor, facts)
        if one.state == "held" and one.criterion_id is not None
    }
    if not held:
        return 0
    count = 0
    for one in crossed_ones(actor, facts, at):
        if one.assumption.key in held and one.assessment is not None:
            said = f"Opened again on {at:%Y-%m-%d}, for it had held: {one.assessment.sentence}"
            note = f"{one.assumption.note}\n{said}".strip()[-2_000:]
            key = one.assumption.key
            with transaction.atomic():
                contradict_assumption(actor, program, key, note, at)
                _review_what_rests_on(actor, facts, key, at)
            count += 1
    return count


def _review_what_rests_on(
    actor: Actor, program: ProgramFacts, assumption: str, at: datetime
) -> None:
    """Let each open risk that rests on an assumption be reviewed by today."""
    today = at.date()
    for one in risks_of(actor, program):
        due = one.review_on is None or one.review_on > today
        if one.is_open and one.assumption == assumption and due:
            set_risk(actor, program.slug, one.key, {"review_on": today.isoformat()}, at)


def crossed_ones(actor: Actor, program: ProgramFacts, at: datetime) -> Sequence[AssumptionStanding]:
    """Return the assumptions, open or held, that evidence contradicts at `at`.

    Missing and stale evidence contradicts nothing.
    """
    return [
        one
        for one in assumption_standings(actor, program, at)
        if one.assumption.state != "failed"
        and one.assessment is not None
        and one.assessment.verdict == Verdict.UNMET
    ]
