"""A person's own judgement, beside the computed status and marked as theirs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.models import Judgement
from headway.domain.assessments.rules import JudgementDraft, check_judgement
from headway.domain.programs.models import Program, Project
from headway.errors import NotFound


@transaction.atomic
def judge_health(actor: Actor, draft: JudgementDraft, at: datetime) -> Judgement:
    """Put a person's words beside a computed dimension; with a level, an override that ends.

    The computed status stays visible. Raises Invalid without words, for an override without an
    end within 31 days, or for an unknown dimension or level.
    """
    require(actor, Permission.JUDGE)
    check_judgement(draft, at)
    program = Program.objects.filter(workspace_id=actor.workspace_id, slug=draft.program).first()
    project = Project.objects.filter(program=program, slug=draft.project).first()
    if program is None or (draft.project and project is None):
        sentence = f"There is no program '{draft.program}' with a project '{draft.project}' here."
        raise NotFound(sentence)
    judgement = Judgement.objects.create(
        workspace_id=actor.workspace_id,
        program=program,
        project=project,
        dimension=draft.dimension,
        level=draft.level,
        words=draft.words.strip(),
        until=draft.until,
        author=actor.label,
        at=at,
    )
    detail = {"dimension": draft.dimension, "level": draft.level, "words": draft.words}
    thing = f"{draft.program}/{draft.project}" if draft.project else draft.program
    write_audit(actor, "judge_health", thing, at, **detail, until=str(draft.until or ""))
    return judgement


@transaction.atomic
def withdraw_judgement(actor: Actor, judgement_id: UUID, at: datetime) -> None:
    """Take a judgement back; it stays in the history."""
    require(actor, Permission.JUDGE)
    judgement = (
        Judgement.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=judgement_id)
        .first()
    )
    if judgement is None:
        sentence = "There is no such judgement in this workspace."
        raise NotFound(sentence)
    if judgement.withdrawn_at is None:
        judgement.withdrawn_at = at
        judgement.save(update_fields=["withdrawn_at"])
        write_audit(actor, "withdraw_judgement", judgement, at)
