"""Places a subject in a project: what a person does with the inbox of unplaced evidence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Subject
from headway.domain.programs.models import Project
from headway.errors import NotFound


@transaction.atomic
def place_subject(actor: Actor, subject_id: UUID, project_slug: str, at: datetime) -> Subject:
    """Say which project a subject belongs to; an empty slug puts it back into the inbox."""
    require(actor, Permission.EVIDENCE)
    subject = (
        Subject.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=subject_id)
        .first()
    )
    project = Project.objects.filter(workspace_id=actor.workspace_id, slug=project_slug).first()
    if subject is None or (project_slug and project is None):
        sentence = "There is no such subject or project in this workspace."
        raise NotFound(sentence)
    before = str(subject.project_id or "")
    subject.project = project
    subject.save(update_fields=["project"])
    write_audit(actor, "place_subject", subject, at, before=before, after=project_slug)
    return subject
