"""Puts subjects where tag, person, push, rule or source say they belong, and keeps since when.

Every change of place passes through here, so that a past moment is known exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from headway.domain.evidence.models import Placement, Subject
from headway.domain.evidence.queries.rules import rules_in
from headway.domain.evidence.queries.told import told_by
from headway.domain.evidence.rules.placing import (
    Decision,
    PlacedBy,
    RuleFacts,
    Standing,
    Told,
    decide,
)
from headway.domain.programs.models import Project

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Ground:
    """What decisions of a workspace rest on: its projects by address, its rules as they win."""

    workspace_id: UUID
    projects: Mapping[str, UUID]
    rules: Sequence[RuleFacts] = field(default=())

    def decide(self, row: Subject, told: Told | None) -> Decision:
        """Return where a subject belongs."""
        standing = Standing(
            row.project_id,
            row.is_scratch,
            row.placed_by,
            self.projects.get(row.claim) if row.claim else None,
            row.claim_by,
        )
        return decide(standing, told, self.rules)

    def needs_no_telling(self, row: Subject) -> bool:
        """Say whether no rule can have a word: there is none, or tag or push named a project."""
        is_own = row.claim_by in (PlacedBy.TAG, PlacedBy.PUSH) and row.claim in self.projects
        return is_own or not self.rules


def ground_of(workspace_id: UUID) -> Ground:
    """Return what decisions of a workspace rest on now."""
    projects = dict(Project.objects.filter(workspace_id=workspace_id).values_list("slug", "id"))
    return Ground(workspace_id, projects, rules_in(workspace_id))


def settle(ground: Ground, subjects: Collection[Subject], at: datetime) -> list[Subject]:
    """Decide about these subjects anew, write what differs, and return those that moved."""
    moved: list[tuple[Subject, Decision]] = []
    for row, told in _told(ground, list(subjects)):
        decision = ground.decide(row, told)
        if decision != Decision(row.project_id, row.is_scratch, row.placed_by, row.rule_id):
            moved.append((row, decision))
    move(ground.workspace_id, moved, at)
    return [row for row, _ in moved]


def _told(ground: Ground, subjects: list[Subject]) -> Iterator[tuple[Subject, Told | None]]:
    """Yield each subject with what it tells, which is asked for only where a rule may speak."""
    silent = [row for row in subjects if ground.needs_no_telling(row)]
    yield from ((row, None) for row in silent)
    known = {row.id for row in silent}
    asked = [row for row in subjects if row.id not in known]
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        names = [(row.id, row.kind, row.name) for row in some]
        told = told_by(ground.workspace_id, names, [row.id for row in some])
        yield from ((row, told.get(row.id)) for row in some)


def move(workspace_id: UUID, moved: Sequence[tuple[Subject, Decision]], at: datetime) -> None:
    """Write decisions: the subject as it stands, its last placement ended, the next begun."""
    alike: dict[Decision, list[Subject]] = {}
    for row, decision in moved:
        put(row, decision)
        alike.setdefault(decision, []).append(row)
    for decision, rows in alike.items():
        for start in range(0, len(rows), _AT_ONCE):
            ids = [row.id for row in rows[start : start + _AT_ONCE]]
            Subject.objects.filter(id__in=ids).update(**asdict(decision))
            Placement.objects.filter(subject_id__in=ids, known_until__isnull=True).update(
                known_until=at
            )
    begin(workspace_id, [row for row, _ in moved], at)


def put(row: Subject, decision: Decision) -> None:
    """Set a decision on a row, unsaved."""
    row.project_id, row.is_scratch = decision.project_id, decision.is_scratch
    row.placed_by, row.rule_id = decision.placed_by, decision.rule_id


def begin(workspace_id: UUID, rows: Sequence[Subject], at: datetime) -> None:
    """Begin the placements of rows that belong somewhere, or are scratch."""
    Placement.objects.bulk_create(
        [
            Placement(
                workspace_id=workspace_id,
                subject_id=row.id,
                project_id=row.project_id,
                is_scratch=row.is_scratch,
                placed_by=row.placed_by,
                known_from=at,
            )
            for row in rows
            if row.project_id is not None or row.is_scratch
        ],
        batch_size=500,
    )
