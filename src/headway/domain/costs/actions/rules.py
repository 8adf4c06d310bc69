"""Saying once where charges belong; with versions, so that a change can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.models import AllocationRule
from headway.domain.costs.queries import rule_facts
from headway.domain.costs.rules import RuleFacts, read_rule
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.models import Project
from headway.domain.programs.rules.fields import meant
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid, NotFound


@transaction.atomic
def set_allocation_rule(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> RuleFacts:
    """Make or change the rule `key`; fields are RULE_FIELDS. It holds for all bills at once.

    Raises Invalid for a share of a project that there is not.
    """
    require(actor, Permission.PROGRAM)
    key = str(read_slug("key", key))
    fields = read_rule(values)
    _check_projects(actor, fields.get("shares"))
    mine = AllocationRule.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = mine.filter(key=key).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_allocation_rule", version)
        return rule_facts(row)
    if not {"conditions", "shares"} <= set(fields):
        sentence = f"The allocation rule '{key}' is new and needs its conditions and shares."
        raise Invalid(sentence)
    row = AllocationRule(workspace_id=actor.workspace_id, key=key, **{"name": key, **fields})
    add_row(actor, row, at, "set_allocation_rule", **fields)
    return rule_facts(row)


def _check_projects(actor: Actor, shares: object) -> None:
    if not isinstance(shares, list):
        return
    rows = Project.objects.filter(workspace_id=actor.workspace_id)
    known = set(rows.values_list("slug", flat=True))
    for share in shares:
        if share[0] not in known:
            sentence = f"There is no project '{share[0][:60]}'{meant(share[0], known) or '.'}"
            raise Invalid(sentence)


@transaction.atomic
def remove_allocation_rule(
    actor: Actor, key: str, at: datetime, *, version: int | None = None
) -> None:
    """Take a rule away; what it placed is placed by the next that fits, or unallocated."""
    require(actor, Permission.PROGRAM)
    rows = AllocationRule.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(key=key).first()
    if row is None:
        sentence = f"There is no allocation rule '{key[:60]}'."
        raise NotFound(sentence)
    drop_row(actor, row, at, "remove_allocation_rule", version)


@transaction.atomic
def restore_allocation_rule(actor: Actor, key: str, version: int, at: datetime) -> RuleFacts:
    """Put a rule back to its earlier `version`: the undo of a change or a removal."""
    require(actor, Permission.PROGRAM)
    place = {"workspace": actor.workspace_id, "key": key}
    return rule_facts(put_back(actor, AllocationRule, version, at, **place))
