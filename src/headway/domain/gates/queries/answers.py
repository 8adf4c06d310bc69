"""What `headway gate check` and the API answer of a gate: flat values, the same from every door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.rules.trace import plain
from headway.domain.gates.queries.evidence import named_model
from headway.domain.gates.queries.pages import (
    GateStanding,
    RequirementLine,
    gate_asked,
    gate_page,
    gate_standings,
    judged_row,
    project_gates,
)
from headway.domain.gates.rules.facts import GateFacts


@dataclass(frozen=True, slots=True)
class RulesNamed:
    """By which rules a gate is judged, and which are the newest."""

    template: str
    number: int
    digest: str
    newest: int


@dataclass(frozen=True, slots=True)
class RequirementAnswer:
    """One requirement: how it stands, why, who owes it and how to give it."""

    key: str
    name: str
    word: str
    verdict: str
    sentence: str
    owner: str
    how: str
    command: str
    waived_until: str | None
    stale_at: datetime | None
    records: Sequence[int]
    trace: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Whether a release may enter a stage, and what is lacking where it may not.

    `open` is the answer; a waiver opens a gate, and stands in `waived` as the debt that it is.
    """

    id: UUID
    open: bool
    state: str
    outcome: str
    project: str
    system: str
    release: str
    stage: str
    stage_name: str
    subject: str
    as_of: datetime
    owner: str
    due: str | None
    round: int
    rules: RulesNamed
    met: int
    missing: Sequence[str]
    waived: Sequence[str]
    owing: Sequence[str]
    stale_at: datetime | None
    seen_digest: str
    requirements: Sequence[RequirementAnswer]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class GateListed:
    """A gate in a list."""

    id: UUID
    open: bool
    state: str
    project: str
    system: str
    release: str
    stage: str
    stage_name: str
    subject: str
    met: int
    asked: int
    missing: Sequence[str]
    waived: Sequence[str]
    owing: Sequence[str]
    due: str | None
    stale_at: datetime | None


def gate_answer(
    actor: Actor, gate_id: UUID, at: datetime, *, known_at: datetime | None = None
) -> GateAnswer:
    """Return one gate as an answer. Raises NotFound."""
    return answer_of(gate_page(actor, gate_id, at, known_at=known_at), at)


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """Which gate: of which project, before which stage, of which release, judging what version.

    Without a release the gate opened last answers; without a version that which the gate judges.
    """

    project: str
    stage: str
    version: str = ""
    release: str = ""


def gate_check(
    actor: Actor, question: GateQuestion, at: datetime, *, known_at: datetime | None = None
) -> GateAnswer:
    """Return whether a project's release may enter a stage. Raises NotFound, Invalid."""
    row = gate_asked(
        actor,
        question.project,
        question.stage,
        at,
        release=question.release,
        known_at=known_at,
    )
    if question.version:
        subject = named_model(actor, row, question.version, known_at)
        row = replace(row, facts=replace(row.facts, subject=subject))
    return answer_of(judged_row(actor, row, at, known_at), at)


def gates_listed(
    actor: Actor, at: datetime, *, project: str = "", known_at: datetime | None = None
) -> Sequence[GateListed]:
    """Return the gates of the workspace or of one project, by system, release and stage."""
    if project:
        return [_listed(one) for one in project_gates(actor, project, at, known_at=known_at)]
    return [_listed(one) for one in gate_standings(actor, at, known_at=known_at)]


def answer_of(page: GateStanding, at: datetime) -> GateAnswer:
    """Return a judged gate as an answer."""
    gate = page.gate
    return GateAnswer(
        id=gate.id,
        open=page.standing.is_open,
        state=str(page.standing.state),
        outcome=page.standing.outcome,
        project=gate.project,
        system=gate.system,
        release=gate.release,
        stage=gate.stage,
        stage_name=gate.stage_name,
        subject=page.judged,
        as_of=at,
        owner=gate.owner,
        due=gate.due.isoformat() if gate.due else None,
        round=gate.round,
        rules=RulesNamed(gate.template, gate.rules_number, gate.rules_digest, gate.newest_rules),
        met=page.standing.met,
        missing=[line.key for line in page.lacking],
        waived=_waived(page),
        owing=page.owing,
        stale_at=page.standing.stale_at,
        seen_digest=page.seen_digest,
        requirements=[_requirement(line) for line in page.lines],
        notes=_notes(gate, page),
    )


def _waived(page: GateStanding) -> Sequence[str]:
    return [line.key for line in page.lines if line.word == "waived"]


def _requirement(line: RequirementLine) -> RequirementAnswer:
    return RequirementAnswer(
        key=line.key,
        name=line.name,
        word=line.word,
        verdict=line.verdict,
        sentence=line.sentence,
        owner=line.owner,
        how=line.how,
        command=line.command,
        waived_until=line.waived_until or None,
        stale_at=line.stale_at,
        records=list(line.records),
        trace=plain(line.trace),
    )


def _notes(gate: GateFacts, page: GateStanding) -> Sequence[str]:
    found = []
    if not page.judged:
        found.append("No version of a model is known of this system yet.")
    if not page.lines:
        found.append(f"The rules ask nothing of a {gate.tier} system here; that opens no gate.")
    if page.standing.outcome and not page.standing.is_open:
        found.append(f"It was decided: {page.standing.outcome}.")
    if gate.is_behind:
        found.append(
            f"Judged by version {gate.rules_number} of {gate.template_name}; "
            f"the newest is {gate.newest_rules}."
        )
    return found


def _listed(page: GateStanding) -> GateListed:
    gate = page.gate
    return GateListed(
        id=gate.id,
        open=page.standing.is_open,
        state=str(page.standing.state),
        project=gate.project,
        system=gate.system,
        release=gate.release,
        stage=gate.stage,
        stage_name=gate.stage_name,
        subject=page.judged,
        met=page.standing.met,
        asked=len(page.lines),
        missing=[line.key for line in page.lacking],
        waived=_waived(page),
        owing=page.owing,
        due=gate.due.isoformat() if gate.due else None,
        stale_at=page.standing.stale_at,
    )
