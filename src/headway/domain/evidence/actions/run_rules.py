"""Saying once of runs like these that they count for a project, or that they are scratch.

A rule is applied at once to what is there, and by `record_evidence` to what comes. Taken away, it
lets go of what it had placed, which falls to the next rule, to its source, or into the inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.actions.settle import Ground, ground_of, settle
from headway.domain.evidence.models import RunRule, Subject
from headway.domain.evidence.queries.rules import rule_facts
from headway.domain.evidence.queries.told import current_runs
from headway.domain.evidence.rules.placing import Condition, PlacedBy, RuleFacts, prefix_of
from headway.domain.evidence.rules.run_rules import CONDITION_FIELDS, read_rule
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.queries import facts
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule as it stands now, and how many subjects moved by it."""

    rule: RuleFacts
    moved: int


@transaction.atomic
def set_run_rule(
    actor: Actor,
    values: Mapping[str, object],
    at: datetime,
    *,
    rule_id: UUID | None = None,
    version: int | None = None,
) -> Ruled:
    """Make a rule from `values` (RULE_FIELDS, `project` by address), or change one.

    A condition has one answer: where a rule of the same condition stands, that one is changed.
    Raises Invalid for a rule that asks nothing or says nothing, Conflict for a stale `version`.
    """
    require(actor, Permission.EVIDENCE)
    ground = ground_of(actor.workspace_id)
    row = _locked(actor, rule_id) if rule_id else None
    fields = read_rule(values, _as_given(ground, row))
    slug = str(fields.pop("project"))
    fields["project_id"] = _project(ground, slug) if slug else None
    condition = Condition(**{name: str(fields[name]) for name in CONDITION_FIELDS})
    fields["key"] = condition.key
    row = row or _rules(actor).filter(key=condition.key).select_for_update().first()
    touched = _reach(actor, row) if row else Subject.objects.none()
    if row is None:
        made = {"author": actor.label[:200], "made_at": at}
        row = RunRule(workspace_id=actor.workspace_id, **fields, **made)
        add_row(actor, row, at, "set_run_rule", **fields)
    else:
        change_row(actor, row, fields, at, "set_run_rule", version)
    moved = _apply(actor, at, touched | _reach(actor, row))
    return Ruled(_facts(ground, row), moved)


@transaction.atomic
def remove_run_rule(
    actor: Actor, rule_id: UUID, at: datetime, *, version: int | None = None
) -> Ruled:
    """Take a rule away; what it had placed goes where it belongs without it."""
    require(actor, Permission.EVIDENCE)
    row = _locked(actor, rule_id)
    gone = _facts(ground_of(actor.workspace_id), row)
    ids = list(Subject.objects.filter(rule_id=row.id).values_list("id", flat=True))
    drop_row(actor, row, at, "remove_run_rule", version, condition=gone.condition.words)
    moved = 0
    for start in range(0, len(ids), _AT_ONCE):
        some = Subject.objects.filter(id__in=ids[start : start + _AT_ONCE])
        moved += _apply(actor, at, some)
    return Ruled(gone, moved)


@transaction.atomic
def restore_run_rule(actor: Actor, rule_id: UUID, version: int, at: datetime) -> Ruled:
    """Put a rule back to its earlier `version`: the undo of a change or of taking it away."""
    require(actor, Permission.EVIDENCE)
    standing = _rules(actor).filter(id=rule_id).first()
    touched = _reach(actor, standing) if standing else Subject.objects.none()
    row = put_back(actor, RunRule, version, at, id=rule_id)
    moved = _apply(actor, at, touched | _reach(actor, row))
    return Ruled(_facts(ground_of(actor.workspace_id), row), moved)


#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500


def _rules(actor: Actor) -> QuerySet[RunRule]:
    return RunRule.objects.filter(workspace_id=actor.workspace_id)


def _locked(actor: Actor, rule_id: UUID) -> RunRule:
    row = _rules(actor).filter(id=rule_id).select_for_update().first()
    if row is None:
        sentence = "There is no such rule in this workspace."
        raise NotFound(sentence)
    return row


def _facts(ground: Ground, row: RunRule) -> RuleFacts:
    return rule_facts(row, {id_: slug for slug, id_ in ground.projects.items()})


def _as_given(ground: Ground, row: RunRule | None) -> dict[str, object]:
    """Return what a rule says now, in the words of its fields; nothing for a new one."""
    if row is None:
        return {}
    held = _facts(ground, row)
    said = {"project": held.project, "is_scratch": held.is_scratch}
    return {**asdict(held.condition), **said, "order": held.order, "reason": held.reason}


def _project(ground: Ground, slug: str) -> UUID:
    if slug not in ground.projects:
        sentence = f"There is no project '{slug}' in this workspace."
        raise NotFound(sentence)
    return ground.projects[slug]


def _reach(actor: Actor, row: RunRule) -> QuerySet[Subject]:
    """Return the subjects that a rule may place: of those that a rule can move, a narrow superset.

    A subject that its tag, a person or a pushed line placed is beyond every rule.
    """
    condition = facts(Condition, row)
    movable = Q(placed_by__in=[PlacedBy.NOBODY, PlacedBy.RULE, PlacedBy.SOURCE])
    rows = Subject.objects.filter(movable, workspace_id=actor.workspace_id)
    if condition.group or condition.name or condition.tag:
        runs = current_runs(actor.workspace_id, None).filter(
            group__startswith=prefix_of(condition.group),
            name__startswith=prefix_of(condition.name),
            record__source__startswith=prefix_of(condition.source),
        )
        rows = rows.filter(id__in=runs.values("subject_id"))
    return rows | Subject.objects.filter(rule_id=row.id)


def _apply(actor: Actor, at: datetime, subjects: QuerySet[Subject]) -> int:
    """Decide about these subjects anew; return how many moved."""
    return len(settle(ground_of(actor.workspace_id), list(subjects.distinct()), at))
