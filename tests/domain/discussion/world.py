"""A program with one of everything that people talk about."""

from __future__ import annotations

from tests.cast import AT, Cast
from tests.domain.evidence.payloads import an_observation

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.forums.actions import set_forum
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import add_item, set_decision
from headway.domain.programs.actions import create_program, create_project, set_criterion
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft
from headway.domain.risks.actions import set_action, set_assumption, set_blocker, set_risk
from headway.domain.stakeholders.actions import set_promise

#: One of each kind, as `a_program_to_discuss` makes it.
THINGS = (
    "program:fraud",
    "project:scores",
    "item:scores/label",
    "criterion:scores/recall",
    "risk:fraud/R1/late",
    "decision:fraud/vendor",
    "action:fraud/call",
    "blocker:fraud/gate",
    "assumption:fraud/pace",
    "promise:fraud/key",
    "meeting:fraud/weekly/1",
    "report:fraud/1",
    "record:1",
)


def a_program_to_discuss(cast: Cast, by: Actor | None = None) -> None:
    """Fill the workspace of `by` (Mia's, unless said): Fraud, with Bob owning its one item."""
    maker = by or cast.mia
    create_program(maker, {"name": "Fraud", "slug": "fraud"}, AT)
    create_project(maker, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    label = {"name": "Label", "estimate": [1, 2, 3], "owner": "bob"}
    add_item(maker, "scores", "label", label, AT)
    promise = {"name": "Recall", "subject": "model:s", "metric": "recall", "target": 0.9}
    set_criterion(maker, "scores", "recall", promise, AT)
    set_risk(maker, "fraud", "R1/late", {"name": "Labels late", "probability": 0.5}, AT)
    set_decision(maker, "fraud", "vendor", {"question": "Vendor B?"}, AT)
    set_action(maker, "fraud", "call", {"name": "Call"}, AT)
    set_blocker(maker, "fraud", "gate", {"name": "No gate"}, AT)
    set_assumption(maker, "fraud", "pace", {"name": "The pace holds"}, AT)
    set_promise(maker, "fraud", "key", {"name": "The key", "giver": "IT"}, AT)
    weekly = {"name": "Weekly", "first_on": "2026-11-30", "hour": "10:00"}
    set_forum(maker, "fraud", "", weekly, AT)
    record_evidence(maker, [an_observation(subject="model:s@1", text="seen")], AT)
    freeze_report(maker, "fraud", PackDraft(), AT)
    set_person(maker, "bob", {"name": "Bob B", "email": "bob@example.com"}, AT)
    set_person(maker, "zoe", {"name": "Zoe Z"}, AT)
