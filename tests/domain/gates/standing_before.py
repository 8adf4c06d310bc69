"""A release that stands before a gate: what each test of deciding begins with.

Screening 1.0 of Screening aid stands in validate; before integrate its gate asks for recall, a
model card, and privacy. Mia opened it. Ana holds legal and privacy, Sam security and privacy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tests.cast import AT, Cast, a_member

from headway.domain.accounts.rules import Actor, Function, Role
from headway.domain.evidence.actions import record_evidence
from headway.domain.gates.actions import add_gate_template, edit_gate, open_gates
from headway.domain.gates.models import Gate
from headway.domain.gates.queries.seen import gate_row, seen_now
from headway.domain.gates.rules.decisions import Seen
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import add_item, link_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import WorkItem
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_release,
    create_system,
    move_release,
)
from headway.observation import Observation, SubjectRef

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

RULES = """
key: small
name: Small
stages:
  integrate:
    waivers: 1
    waiver_days: 30
    requirements:
      - key: recall
        name: Recall
        rule: {evidence: evaluation, about: "model:{model}@{version}", where: {metric: recall},
          at_least: 0.9, bind: [version], fresh_days: 60}
        waivable: false
      - key: card
        name: Model card
        rule: {evidence: card, about: "model:{model}@{version}", at_least: 0.9}
      - key: privacy-approved
        name: Privacy approved
        rule: {evidence: approval, about: "model:{model}@{version}", role: privacy}
"""


@dataclass(frozen=True, slots=True)
class Before:
    """The gate, and who plays."""

    cast: Cast
    gate: UUID
    release: UUID
    sam: Actor
    ana: Actor

    @property
    def row(self) -> Gate:
        return gate_row(self.cast.mia, self.gate)

    def seen(self, at: datetime = AT) -> Seen:
        return seen_now(self.cast.mia, self.row, at)


def before_a_gate(cast: Cast) -> Before:
    """Make the program, the release and its gate; nothing is shown yet."""
    privacy = Function.PRIVACY
    ana = a_member(cast.acme, "Anna", Role.APPROVER, functions=[Function.LEGAL, privacy])
    sam = a_member(cast.acme, "Sam", Role.APPROVER, functions=[Function.SECURITY, privacy])
    set_person(cast.mia, "bob", {"name": "Bob", "email": "bob@example.com"}, AT)
    create_program(cast.mia, {"name": "Care", "slug": "care", "target": "2027-06-30"}, AT)
    create_system(cast.mia, {"name": "Screening aid", "owner": "bob"}, AT)
    project = {"name": "Screening", "slug": "screening", "system": "screening-aid"}
    create_project(cast.mia, "care", project, AT)
    release = create_release(cast.bob, "screening-aid", "1.0", AT, project="screening")
    move_release(cast.bob, release.id, "validate", AT)
    add_gate_template(cast.alice, RULES, AT)
    (gate,) = open_gates(cast.mia, release.id, "small", AT)
    return Before(cast, gate.id, release.id, sam, ana)


def push(
    cast: Cast,
    at: datetime = AT,
    *,
    kind: str = "evaluation",
    version: int = 1,
    actor: Actor | None = None,
    **payload: object,
) -> int:
    """Push evidence about a version of the model, as CI's own member unless `actor` says."""
    observation = Observation(
        SubjectRef("model", "screen", str(version)), kind, "ci", at, payload, project="screening"
    )
    outcome = record_evidence(actor or cast.bob, [observation], at)
    assert not outcome.refused, outcome.refused
    return outcome.sequences[0]


def recall(cast: Cast, value: float = 0.95, at: datetime = AT, **kwargs: object) -> int:
    """Push the recall of a version."""
    return push(cast, at, metric="recall", value=value, n=400, **kwargs)  # type: ignore[arg-type]


def card(cast: Cast, at: datetime = AT, completeness: float = 1.0) -> int:
    """Push how complete the model card is."""
    return push(cast, at, kind="card", card="model", completeness=completeness)


def with_milestone(before: Before) -> WorkItem:
    """Give the gate a milestone in the plan, behind a review."""
    cast = before.cast
    add_item(cast.bob, "screening", "review", _item("Privacy review", "review"), AT)
    add_item(cast.bob, "screening", "ready", _item("Validated", "milestone"), AT)
    link_items(cast.bob, LinkDraft("screening/ready", "screening/review"), AT)
    item = WorkItem.objects.get(project__slug="screening", key="ready")
    edit_gate(cast.mia, before.gate, {"milestone": str(item.id)}, AT)
    return item


def _item(name: str, kind: str) -> dict[str, object]:
    estimate = [0, 0, 0] if kind == "milestone" else [3, 5, 9]
    return {"name": name, "kind": kind, "estimate": estimate}
