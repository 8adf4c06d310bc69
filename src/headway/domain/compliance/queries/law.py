"""What the AI Act makes of the systems: answers, class, obligations and who owes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.rules import Verdict
from headway.domain.compliance.models import Duty, LawAnswer
from headway.domain.compliance.rules.ai_act import Classification, SystemClass, classify
from headway.domain.compliance.rules.obligations import Due, DutyFacts, judge_duty
from headway.domain.evidence.queries import records_numbered
from headway.domain.programs.queries import rows_at, system_named, systems_of
from headway.domain.programs.rules import SystemFacts

#: The laws whose questions are answered, by the name in the table.
AI_ACT, DPIA, DPIA_DOCUMENT = "ai_act", "dpia", "dpia_document"


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer to a question of the law: who gave it, when and why."""

    question: str
    value: Any
    rationale: str
    author: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SystemLaw:
    """A system, what was answered about it, and what the Act makes of that."""

    system: SystemFacts
    answers: Mapping[str, AnswerFacts]
    classification: Classification


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """One obligation of one system, whose it is and how it stands.

    `day` is when it is looked at next: the day it binds from or, once it is met, the day of its
    review; None when nothing is to come. `days_left` counts to it, negative when it is past.
    """

    system: SystemFacts
    due: Due
    duty: DutyFacts | None
    verdict: Verdict
    day: date | None
    days_left: int | None

    @property
    def owner(self) -> str:
        """Return whose it is: the duty's owner, else the system's."""
        return (self.duty.owner if self.duty else "") or self.system.owner


def ai_act_of(
    actor: Actor,
    systems: Sequence[SystemFacts],
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> Mapping[UUID, SystemLaw]:
    """Return what the Act makes of these systems at `at`; one query whatever their number."""
    held = answers_of(actor, systems, AI_ACT, known_at)
    return {
        system.id: SystemLaw(
            system, held[system.id], classify(values_of(held[system.id]), day_of(at))
        )
        for system in systems
    }


def ai_act_class_of(
    actor: Actor,
    systems: Sequence[SystemFacts],
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> Mapping[UUID, SystemClass]:
    """Return the class of each system at `at`, `open` where a question has no answer; one query."""
    found = ai_act_of(actor, systems, at, known_at=known_at)
    return {key: one.classification.system_class for key, one in found.items()}


def answers_of(
    actor: Actor, systems: Sequence[SystemFacts], law: str, known_at: datetime | None
) -> Mapping[UUID, Mapping[str, AnswerFacts]]:
    """Return what was answered to a law's questions by then, by system and question."""
    require(actor, Permission.VIEW)
    found: dict[UUID, dict[str, AnswerFacts]] = {}
    for system in systems:
        require(actor, Permission.VIEW, system)
        found[system.id] = {}
    for row in rows_at(LawAnswer, known_at, workspace_id=actor.workspace_id, law=law):
        if row.system_id in found:
            found[row.system_id][row.question] = answer_facts(row)
    return found


def answer_facts(row: LawAnswer) -> AnswerFacts:
    """Return an answer as a frozen value."""
    return AnswerFacts(row.question, row.value, row.rationale, row.author, row.said_at, row.version)


def values_of(answers: Mapping[str, AnswerFacts]) -> dict[str, object]:
    """Return the values alone, as the rules take them."""
    return {key: one.value for key, one in answers.items()}


def earlier_answers(
    actor: Actor, slug: str, law: str, known_at: datetime | None = None
) -> Mapping[str, Sequence[AnswerFacts]]:
    """Return what was answered before the answers that stand, by question, latest first."""
    system = system_named(actor, slug, known_at)
    history: Any = LawAnswer.history
    rows = history.filter(workspace_id=actor.workspace_id, system_id=system.id, law=law)
    if known_at is not None:
        rows = rows.filter(history_date__lte=known_at)
    found: dict[str, list[AnswerFacts]] = {}
    for row in rows.exclude(history_type="-").order_by("-history_id"):
        found.setdefault(row.question, []).append(answer_facts(row))
    standing = answers_of(actor, [system], law, known_at)[system.id]
    return {
        question: [one for one in past if one != standing.get(question)]
        for question, past in found.items()
    }


def system_law(
    actor: Actor, slug: str, at: datetime, *, known_at: datetime | None = None
) -> SystemLaw:
    """Return what the Act makes of one system. Raises NotFound for an unknown one."""
    system = system_named(actor, slug, known_at)
    return ai_act_of(actor, [system], at, known_at=known_at)[system.id]


def all_systems_law(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[SystemLaw]:
    """Return what the Act makes of every system, by name."""
    systems = systems_of(actor, known_at)
    found = ai_act_of(actor, systems, at, known_at=known_at)
    return [found[system.id] for system in systems]


def obligation_lines(
    actor: Actor,
    at: datetime,
    *,
    known_at: datetime | None = None,
    slug: str = "",
) -> Sequence[ObligationLine]:
    """Return the obligations of all systems (or of one): what is past or soonest comes first.

    Four queries whatever their number.
    """
    laws = (
        [system_law(actor, slug, at, known_at=known_at)]
        if slug
        else all_systems_law(actor, at, known_at=known_at)
    )
    duties = _duties(actor, known_at)
    expired = _expired(actor, duties, at, known_at)
    lines = [
        _line(law.system, due, duties.get((law.system.id, due.id)), expired, day_of(at))
        for law in laws
        for due in law.classification.obligations
    ]
    return sorted(lines, key=_place)


def day_of(at: datetime) -> date:
    """Return the day of a moment, in UTC."""
    return at.astimezone(UTC).date()


def duty_facts(row: Duty) -> DutyFacts:
    """Return a duty as a frozen value."""
    return DutyFacts(
        row.obligation,
        row.owner,
        row.state,
        row.rationale,
        tuple(row.records),
        row.done_on,
        row.review_on,
        row.author,
        row.said_at,
        row.version,
    )


def _duties(actor: Actor, known_at: datetime | None) -> Mapping[tuple[UUID, str], DutyFacts]:
    rows = rows_at(Duty, known_at, workspace_id=actor.workspace_id)
    return {(row.system_id, row.obligation): duty_facts(row) for row in rows}


def _expired(
    actor: Actor,
    duties: Mapping[tuple[UUID, str], DutyFacts],
    at: datetime,
    known_at: datetime | None,
) -> Sequence[int]:
    """Return the records that duties rest on and that lasted until before `at`."""
    cited = {record for duty in duties.values() for record in duty.records}
    if not cited:
        return []
    lines = records_numbered(actor, cited, known_at)
    return [one.sequence for one, _ in lines if one.valid_until and one.valid_until < at]


def _line(
    system: SystemFacts, due: Due, duty: DutyFacts | None, expired: Sequence[int], today: date
) -> ObligationLine:
    verdict = judge_duty(due, duty, expired, today)
    day: date | None = due.applies_from
    if verdict is Verdict.NOT_APPLICABLE:
        day = None
    elif duty is not None and duty.state == "done":
        day = duty.review_on
    left = None if day is None else (day - today).days
    return ObligationLine(system, due, duty, verdict, day, left)


_URGENT = (Verdict.UNMET, Verdict.MISSING, Verdict.STALE)


def _place(line: ObligationLine) -> tuple[int, date, str]:
    """Return what comes first; those alike keep the order of the law."""
    is_urgent = line.verdict in _URGENT
    return (0 if is_urgent else 1 if line.day else 2, line.day or date.max, line.system.name)
