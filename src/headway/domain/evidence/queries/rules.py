"""The rules about runs, now or as they stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Placement, RunRule, Subject
from headway.domain.evidence.queries.placed import holding
from headway.domain.evidence.rules.placing import Condition, PlacedBy, RuleFacts, in_force
from headway.domain.programs.models import Project
from headway.domain.programs.queries import facts, rows_at
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list, with how many subjects it places now and the name of its project."""

    rule: RuleFacts
    project_name: str
    places: int


def run_rules(actor: Actor, at: datetime | None = None) -> Sequence[RuleFacts]:
    """Return the rules of the workspace in the order in which they win."""
    require(actor, Permission.VIEW)
    return rules_in(actor.workspace_id, at)


def rules_in(workspace_id: UUID, at: datetime | None = None) -> Sequence[RuleFacts]:
    """Return the rules of a workspace in the order in which they win; one query, two with some."""
    rows = rows_at(RunRule, at, workspace_id=workspace_id)
    if not rows:
        return ()
    slugs: Mapping[UUID, str] = dict(
        Project.objects.filter(workspace_id=workspace_id).values_list("id", "slug")
    )
    return in_force([rule_facts(row, slugs) for row in rows])


def rule_lines(actor: Actor, at: datetime | None = None) -> Sequence[RuleLine]:
    """Return the rules with what they place; at a past moment nobody counts by rule."""
    rules = run_rules(actor, at)
    names = dict(
        Project.objects.filter(workspace_id=actor.workspace_id).values_list("slug", "name")
    )
    counts: Mapping[UUID | None, int] = dict(
        Subject.objects.filter(workspace_id=actor.workspace_id, rule__isnull=False)
        .values_list("rule_id")
        .annotate(count=Count("id"))
    )
    return [RuleLine(rule, names.get(rule.project, ""), counts.get(rule.id, 0)) for rule in rules]


def rule_of(actor: Actor, rule_id: UUID) -> RuleFacts:
    """Return one rule. Raises NotFound."""
    return _one(run_rules(actor), lambda rule: rule.id == rule_id)


def rule_named(actor: Actor, key: str) -> RuleFacts:
    """Return the rule whose key begins with `key`. Raises NotFound unless it is exactly one."""
    return _one(run_rules(actor), lambda rule: len(key) >= 4 and rule.key.startswith(key))


def rule_facts(row: RunRule, slugs: Mapping[UUID, str]) -> RuleFacts:
    """Return a rule as a frozen value."""
    condition = facts(Condition, row)
    slug = slugs.get(row.project_id, "") if row.project_id else ""
    return facts(RuleFacts, row, condition=condition, project=slug)


def placed_counts(actor: Actor, at: datetime | None = None) -> Mapping[str, int]:
    """Return how many subjects are placed by whom, and how many are scratch ("scratch")."""
    require(actor, Permission.VIEW)
    rows = (
        Subject.objects.filter(workspace_id=actor.workspace_id).exclude(placed_by=PlacedBy.NOBODY)
        if at is None
        else Placement.objects.filter(holding(at), workspace_id=actor.workspace_id)
    )
    counts: dict[str, int] = {}
    for by, is_scratch, count in rows.values_list("placed_by", "is_scratch").annotate(
        n=Count("id")
    ):
        counts[by] = counts.get(by, 0) + count
        counts["scratch"] = counts.get("scratch", 0) + (count if is_scratch else 0)
    return counts


def _one(rules: Sequence[RuleFacts], asked: Callable[[RuleFacts], bool]) -> RuleFacts:
    found = [rule for rule in rules if asked(rule)]
    if len(found) != 1:
        sentence = (
            "There is no such rule in this workspace."
            if not found
            else f"{len(found)} rules begin like this; give more of the key."
        )
        raise NotFound(sentence)
    return found[0]
