"""Which approvals count at a gate: those asked and answered there that still hold.

An approval that was pushed as evidence counts for none: whoever may push could approve their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from headway.domain.assessments.rules.ground import Ground
from headway.domain.assessments.rules.trace import Trace
from headway.domain.assessments.rules.tree import judge
from headway.domain.assessments.rules.verdicts import Verdict
from headway.domain.gates.queries.evidence import Asked
from headway.domain.gates.rules import (
    Requirement,
    Standing,
    WaiverFacts,
    approving_functions,
    standing,
)
from headway.domain.gates.rules.approvals import ApprovalStanding, RequestFacts, standings
from headway.domain.gates.rules.decisions import Seen, SeenLine
from headway.domain.gates.rules.facts import GateFacts

#: Answers that speak: an approval, or a refusal.
_SPEAKING = ("approved", "conditions", "refused")


def verdicts_of(
    found: tuple[Asked, Ground],
    requests: Sequence[RequestFacts],
    waivers: Sequence[WaiverFacts],
    at: datetime,
) -> Sequence[tuple[Requirement, Trace]]:
    """Return the verdict on each requirement of a gate, in their order.

    First what evidence shows; then the approvals, of which those count that rest on it.
    """
    asked, ground = found
    traces = {
        one.key: judge(one.tree, ground, at)
        for one in asked.requirements
        if not approving_functions(one)
    }
    approving = [one for one in asked.requirements if one.key not in traces]
    if approving:
        facts = asked.row.facts
        shown = standing(
            [(one, traces[one.key]) for one in asked.requirements if one.key in traces], waivers, at
        )
        seen = sight(facts, ground.version or facts.subject, shown)
        mine = standings([one for one in requests if one.round == facts.round], seen)
        own = _counting(ground, mine)
        traces |= {one.key: _approval(one, judge(one.tree, own, at), mine) for one in approving}
    return [(one, traces[one.key]) for one in asked.requirements]


def _counting(ground: Ground, answers: Sequence[ApprovalStanding]) -> Ground:
    """Return the ground without the approvals that do not speak here."""
    speaking = {one.request.record for one in answers if one.state in _SPEAKING}
    kept = [one for one in ground.facts if one.kind != "approval" or one.record in speaking]
    return replace(ground, facts=kept)


def _approval(requirement: Requirement, trace: Trace, answers: Sequence[ApprovalStanding]) -> Trace:
    """Return the trace of an approval in the words of who was asked; what fell away is stale."""
    functions = approving_functions(requirement)
    about = [one for one in answers if one.function in functions]
    if trace.verdict is Verdict.MET or len(functions) != 1:
        return trace
    if not about:
        return replace(trace, sentence=f"{functions[0].capitalize()} was not asked yet.")
    verdict = Verdict.STALE if about[0].state == "lapsed" else trace.verdict
    sentence = f"{functions[0].capitalize()}: {about[0].sentence}"
    return replace(trace, verdict=verdict, sentence=sentence)


def sight(gate: GateFacts, subject: str, shown: Standing) -> Seen:
    """Return what a judged gate shows to who answers there."""
    lines = tuple(
        SeenLine(
            key=line.requirement.key,
            name=line.requirement.name,
            verdict=str(line.trace.verdict),
            holds=line.is_met,
            is_waived=line.waiver is not None,
            sentence=line.trace.sentence,
            functions=tuple(approving_functions(line.requirement)),
            records=line.trace.read,
            stale_at=line.trace.stale_at.isoformat() if line.trace.stale_at else "",
            is_waivable=line.requirement.is_waivable,
        )
        for line in shown.lines
    )
    return Seen(subject, gate.rules_number, gate.rules_digest, lines)
