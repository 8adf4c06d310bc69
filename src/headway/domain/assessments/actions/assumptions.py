"""Watching what was taken to be true: what held is open again once its metric says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries import program_health
from headway.domain.assessments.rules import Verdict
from headway.domain.assessments.rules.assumptions import AssumptionStanding
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.actions import reopen_assumption
from headway.domain.risks.queries import assumptions_of


def watch_assumptions(actor: Actor, program: str, at: datetime) -> int:
    """Open each assumption of a program that held and whose metric crossed its bound since.

    Its note says what the evidence was; what rests on it is read on its page. Returns how many.
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
            reopen_assumption(actor, program, one.assumption.key, at, note=note)
            count += 1
    return count


def crossed_ones(actor: Actor, program: ProgramFacts, at: datetime) -> Sequence[AssumptionStanding]:
    """Return the assumptions, open or held, that evidence contradicts at `at`.

    Missing and stale evidence contradicts nothing.
    """
    return [
        one
        for one in program_health(actor, program, at).assumptions
        if one.assumption.state != "failed"
        and one.assessment is not None
        and one.assessment.verdict == Verdict.UNMET
    ]
