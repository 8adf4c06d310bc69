"""Finds or makes the subjects that observations are about, and places them in projects."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.models import Subject
from headway.domain.evidence.rules import Refusal
from headway.domain.evidence.rules.ledger import Draft
from headway.domain.programs.models import Project
from headway.observation import SubjectRef

#: Names in one IN (…): SQLite's builds differ in how many values they take.
_AT_ONCE = 500


def find_subjects(
    actor: Actor, drafts: Sequence[Draft], *, may_lack_project: bool
) -> tuple[dict[str, Subject], list[Refusal]]:
    """Return the subject rows by their text, made where new, and the drafts' refusals.

    A subject is placed once, by the first observation that names its project; moving it later is
    a person's act (`place_subject`).
    """
    projects = dict(
        Project.objects.filter(workspace_id=actor.workspace_id).values_list("slug", "id")
    )
    refused = []
    wanted: dict[str, tuple[SubjectRef, UUID | None]] = {}
    for item in drafts:
        slug = item.project or (item.ref.name if item.ref.kind == "project" else None)
        if slug and slug not in projects and not may_lack_project:
            sentence = (
                f"There is no project '{slug}' in this workspace; "
                f"the projects are {', '.join(sorted(projects)) or 'none yet'}."
            )
            refused.append(Refusal(item.line, sentence))
            continue
        known = wanted.get(item.subject, (item.ref, None))[1]
        wanted[item.subject] = (item.ref, known or projects.get(slug or ""))
    return _rows(actor, wanted), refused


def _rows(actor: Actor, wanted: dict[str, tuple[SubjectRef, UUID | None]]) -> dict[str, Subject]:
    """Return the rows for `wanted`, making new ones and placing those that had no project."""
    names = sorted({ref.name for ref, _ in wanted.values()})
    mine = Subject.objects.filter(workspace_id=actor.workspace_id)
    rows = {
        str(row): row
        for start in range(0, len(names), _AT_ONCE)
        for row in mine.filter(name__in=names[start : start + _AT_ONCE])
    }
    fresh = [
        Subject(
            workspace_id=actor.workspace_id,
            kind=ref.kind,
            name=ref.name,
            version=ref.version,
            project_id=project,
        )
        for text, (ref, project) in wanted.items()
        if text not in rows
    ]
    Subject.objects.bulk_create(fresh, batch_size=500)
    rows.update({str(row): row for row in fresh})
    placed = []
    for text, (_, project) in wanted.items():
        if project is not None and rows[text].project_id is None:
            rows[text].project_id = project
            placed.append(rows[text])
    Subject.objects.bulk_update(placed, ["project"], batch_size=500)
    return {text: rows[text] for text in wanted}
