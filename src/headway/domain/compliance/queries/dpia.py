"""Impact assessments: is one due, what is written, who approved it, and does it still hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Function, Permission, may
from headway.domain.compliance.models import LawAnswer
from headway.domain.compliance.queries.law import (
    DPIA,
    DPIA_DOCUMENT,
    AnswerFacts,
    answers_of,
    values_of,
)
from headway.domain.compliance.rules.dpia import (
    Approval,
    DocumentState,
    Screening,
    changes_between,
    judge_document,
    screen,
)
from headway.domain.evidence.queries import latest_records, records_about
from headway.domain.programs.models import Project
from headway.domain.programs.queries import rows_at, system_named
from headway.domain.programs.rules import SystemFacts
from headway.observation import SubjectRef

#: How an approval names what it approves, and under which law its basis is kept.
REQUIREMENT, BASIS = "gdpr.dpia", "dpia_basis"

#: How much of a purpose is quoted when it changed.
_QUOTED = 120


@dataclass(frozen=True, slots=True)
class DpiaPage:
    """The impact assessment of a system.

    `basis` is what it is about now: purposes and personal data, by name. `may_approve` says
    whether the reader is somebody who may, having written none of it.
    """

    system: SystemFacts
    answers: Mapping[str, AnswerFacts]
    screening: Screening
    parts: Mapping[str, AnswerFacts]
    approval: Approval | None
    basis: Mapping[str, str]
    changed: Sequence[str]
    state: DocumentState
    may_approve: bool

    @property
    def document(self) -> dict[str, str]:
        """Return what is written, part by part."""
        return {key: str(one.value) for key, one in self.parts.items()}


def dpia_page(actor: Actor, slug: str, *, known_at: datetime | None = None) -> DpiaPage:
    """Return the impact assessment of one system. Raises NotFound for an unknown one."""
    system = system_named(actor, slug, known_at)
    return dpias_of(actor, [system], known_at=known_at)[system.id]


def dpias_of(
    actor: Actor, systems: Sequence[SystemFacts], *, known_at: datetime | None = None
) -> Mapping[UUID, DpiaPage]:
    """Return the impact assessments of these systems; seven queries whatever their number."""
    answers = answers_of(actor, systems, DPIA, known_at)
    parts = answers_of(actor, systems, DPIA_DOCUMENT, known_at)
    approvals = _approvals(actor, systems, known_at)
    bases = _bases(actor, systems, known_at)
    kept = answers_of(actor, systems, BASIS, known_at)
    found = {}
    for system in systems:
        screening = screen(values_of(answers[system.id]))
        approval = approvals.get(system.slug)
        then = kept[system.id].get("approved")
        moved = changes_between(then.value, bases[system.id]) if then and approval else ()
        document = {key: str(one.value) for key, one in parts[system.id].items()}
        found[system.id] = DpiaPage(
            system=system,
            answers=answers[system.id],
            screening=screening,
            parts=parts[system.id],
            approval=approval,
            basis=bases[system.id],
            changed=moved,
            state=judge_document(screening, document, approval, changed=moved),
            may_approve=_may_approve(actor, parts[system.id]),
        )
    return found


def authors_of(actor: Actor, system: SystemFacts) -> set[str]:
    """Return everybody who ever wrote a part of the assessment that stands."""
    history: Any = LawAnswer.history
    rows = history.filter(
        workspace_id=actor.workspace_id, system_id=system.id, law=DPIA_DOCUMENT
    ).exclude(history_type="-")
    return set(rows.values_list("author", flat=True))


def _may_approve(actor: Actor, parts: Mapping[str, AnswerFacts]) -> bool:
    return (
        may(actor, Permission.DECIDE)
        and Function.PRIVACY in actor.functions
        and actor.label[:200] not in {one.author for one in parts.values()}
    )


def _approvals(
    actor: Actor, systems: Sequence[SystemFacts], known_at: datetime | None
) -> Mapping[str, Approval]:
    subjects = [SubjectRef("system", one.slug) for one in systems]
    found = {}
    for one in records_about(actor, subjects, known_at, kinds=("approval",)):
        if one.payload.get("requirement") == REQUIREMENT:
            found[SubjectRef.parse(one.subject).name] = Approval(
                str(one.payload["decision"]),
                str(one.payload.get("seen_digest") or ""),
                one.observed_at,
                one.record,
            )
    return found


def _bases(
    actor: Actor, systems: Sequence[SystemFacts], known_at: datetime | None
) -> Mapping[UUID, dict[str, str]]:
    """Return purposes of the projects and personal data of the datasets of each system."""
    found: dict[UUID, dict[str, str]] = {system.id: {} for system in systems}
    homes: dict[UUID, UUID] = {}
    for project in rows_at(Project, known_at, workspace_id=actor.workspace_id):
        if project.system_id in found:
            homes[project.id] = project.system_id
            purpose = project.purpose.strip() or "none said"
            found[project.system_id][f"the purpose of {project.name}"] = purpose[:_QUOTED]
    if not homes:
        return found
    records = latest_records(actor, list(homes), known_at, kinds=("dataset_version",))
    for one in sorted(records, key=lambda record: (record.observed_at, record.record)):
        name = SubjectRef.parse(one.subject).name
        if one.project_id in homes:
            said = str(one.payload.get("personal_data") or "not said")
            found[homes[one.project_id]][f"the personal data of {name}"] = said
    return found
