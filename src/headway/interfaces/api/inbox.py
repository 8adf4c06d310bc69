"""The inbox in groups, and the rules that say once where runs like these belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.evidence.actions import (
    Ruled,
    remove_run_rule,
    restore_run_rule,
    set_run_rule,
)
from headway.domain.evidence.queries import GroupLine, inbox_page, rule_of, run_rules
from headway.domain.evidence.rules.placing import Condition, RuleFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Evidence"])


class RuleBody(Given):
    """A rule: what it asks (patterns of whole names), and a project or scratch.

    Asks at least one of source, group, name, tag and subject (`kind:name`).
    """

    source: str | None = None
    group: str | None = None
    name: str | None = None
    tag: str | None = None
    tag_value: str | None = None
    subject: str | None = None
    project: str | None = None
    is_scratch: bool | None = None
    order: int | None = None
    reason: str | None = None


class BackBody(Given):
    """The version to go back to."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects that one rule would take; `proposed` is a project of a like name, or empty.

    With `has_parts` the groups before it are counted again.
    """

    words: str
    condition: Condition
    count: int
    newest: datetime | None
    examples: Sequence[str]
    metrics: Sequence[str]
    proposed: str
    is_part: bool
    has_parts: bool


@dataclass(frozen=True, slots=True)
class NamedProject:
    """A project that tags name and nobody made, and how many subjects name it."""

    project: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """What belongs to no project yet, in a handful of groups."""

    subjects: int
    groups: Sequence[Group]
    more_groups: int
    unknown: Sequence[NamedProject]


@operation(router, "GET", "/inbox", Permission.VIEW, Inbox)
def read_inbox(request: ApiRequest, asked: Query[At]) -> Inbox:
    """Read the inbox in groups, each with the condition of the rule that would take it."""
    page = inbox_page(request.auth, asked.moment(request))
    unknown = [NamedProject(*one) for one in page.unknown]
    return Inbox(page.subjects, [_group(line) for line in page.groups], page.more_groups, unknown)


def _group(line: GroupLine) -> Group:
    found = line.group
    return Group(
        found.condition.words,
        found.condition,
        found.count,
        found.newest,
        found.examples,
        line.metrics,
        line.proposed,
        found.is_part,
        found.has_parts,
    )


@operation(router, "GET", "/run-rules", Permission.VIEW, Page[RuleFacts])
def list_run_rules(request: ApiRequest, asked: Query[AskedAt]) -> Page[RuleFacts]:
    """List the rules about runs, by key; the one that asks most wins."""
    rows = sorted(run_rules(request.auth, asked.moment(request)), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "POST", "/run-rules", Permission.EVIDENCE, Ruled, 201)
def make_run_rule(request: ApiRequest, body: RuleBody) -> Ruled:
    """Say once that runs like these count for a project or are scratch; it is applied at once.

    Where a rule of the same condition stands, that one is changed.
    """
    return set_run_rule(request.auth, body.given(), request.now)


@operation(router, "GET", "/run-rules/{uuid:rule_id}", Permission.VIEW, RuleFacts)
def read_run_rule(request: ApiRequest, rule_id: UUID) -> RuleFacts:
    """Read a rule."""
    return rule_of(request.auth, rule_id)


@operation(router, "PUT", "/run-rules/{uuid:rule_id}", Permission.EVIDENCE, RuleFacts)
def change_run_rule(request: ApiRequest, rule_id: UUID, body: RuleBody) -> RuleFacts:
    """Change what a rule asks or says; its runs follow."""
    actor, at = request.auth, request.now

    def write(version: int) -> RuleFacts:
        values = body.given()
        return set_run_rule(actor, values, at, rule_id=rule_id, version=version).rule

    return edit(request, lambda: rule_of(actor, rule_id), write)


@operation(router, "DELETE", "/run-rules/{uuid:rule_id}", Permission.EVIDENCE, None, 204)
def delete_run_rule(request: ApiRequest, rule_id: UUID) -> None:
    """Forget a rule; what it had placed goes where it belongs without it."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_run_rule(actor, rule_id, at, version=version)

    edit(request, lambda: rule_of(actor, rule_id), write)


@operation(router, "POST", "/run-rules/{uuid:rule_id}/restore", Permission.EVIDENCE, Ruled)
def restore_rule(request: ApiRequest, rule_id: UUID, body: BackBody) -> Ruled:
    """Put a rule back to an earlier version: undo a change, or a removal."""
    return restore_run_rule(request.auth, rule_id, body.version, request.now)
