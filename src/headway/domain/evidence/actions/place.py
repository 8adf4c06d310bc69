"""Places a single subject by hand: a person's word about it, or the word taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions.settle import Ground, ground_of, move, settle
from headway.domain.evidence.models import Subject
from headway.domain.evidence.queries.placed import waiting
from headway.domain.evidence.rules.placing import Decision, PlacedBy
from headway.errors import Conflict, NotFound


@transaction.atomic
def place_subject(
    actor: Actor, subject_id: UUID, project_slug: str, at: datetime, *, is_scratch: bool = False
) -> Subject:
    """Say which project a subject belongs to, or that it is scratch.

    An empty slug takes the word back: the subject goes where its source or a rule puts it, else
    into the inbox. Raises Conflict where the subject's own tag says otherwise.
    """
    require(actor, Permission.EVIDENCE)
    subject = (
        Subject.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=subject_id)
        .first()
    )
    ground = ground_of(actor.workspace_id)
    if subject is None or (project_slug and project_slug not in ground.projects):
        sentence = "There is no such subject or project in this workspace."
        raise NotFound(sentence)
    before = str(subject.project_id or "")
    if project_slug or is_scratch:
        _refuse_tagged(ground, subject)
        project = None if is_scratch else ground.projects[project_slug]
        decision = Decision(project, is_scratch, PlacedBy.PERSON)
        move(actor.workspace_id, [(subject, decision)], at)
    else:
        _take_back(ground, subject, at)
    after = "scratch" if is_scratch else project_slug
    write_audit(actor, "place_subject", subject, at, before=before, after=after)
    return subject


def _refuse_tagged(ground: Ground, subject: Subject) -> None:
    if subject.claim_by == PlacedBy.TAG and subject.claim in ground.projects:
        sentence = (
            f"The tag headway.project of {subject} says '{subject.claim}', and a tag always wins; "
            "change the tag where it was set."
        )
        raise Conflict(sentence)


def _take_back(ground: Ground, subject: Subject, at: datetime) -> None:
    """Forget what was said by hand, or where a subject without any word stands, and settle it."""
    if subject.placed_by == PlacedBy.PERSON:
        move(ground.workspace_id, [(subject, Decision())], at)
    settle(ground, [subject], at)


@transaction.atomic
def settle_waiting(actor: Actor, at: datetime) -> int:
    """Place what named a project before there was one; return how many subjects moved."""
    require(actor, Permission.EVIDENCE)
    ground = ground_of(actor.workspace_id)
    named: Collection[Subject] = list(
        waiting(actor.workspace_id, None)
        .filter(claim__in=sorted(ground.projects))
        .select_for_update()
    )
    return len(settle(ground, named, at)) if named else 0
