"""Templates have versions that nobody can change; gates stay with theirs until told otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from tests.cast import AT, Cast
from tests.domain.gates.gated import LATER, a_release
from tests.domain.gates.queries.test_pages import SMALL

from headway.domain.accounts.models import AuditEntry
from headway.domain.assessments.rules.terms import Comparison, Term
from headway.domain.gates.actions import (
    add_gate_template,
    change_gate_rules,
    edit_gate,
    edit_gate_rules,
    edit_gate_template,
    install_gate_templates,
    open_gates,
    remove_requirement,
    set_requirement,
)
from headway.domain.gates.models import GateDecision, GateRules
from headway.domain.gates.queries import gate_page, template_named, templates_of
from headway.domain.gates.rules import Requirement
from headway.domain.gates.rules.gate_files import read_requirement
from headway.domain.gates.rules.requirements import GatedStage
from headway.domain.plans.actions import add_item
from headway.domain.plans.models import WorkItem
from headway.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db

NEWER = SMALL.replace("fresh_days: 90", "fresh_days: 30")


def test_an_edit_adds_a_version_and_open_gates_stay_with_theirs(cast: Cast) -> None:
    release = a_release(cast)
    add_gate_template(cast.mia, SMALL, AT)
    (gate,) = open_gates(cast.mia, release.id, "small", AT)
    made = edit_gate_rules(cast.mia, "small", NEWER, LATER, reason="Too long", version=1)
    assert [one.number for one in made.rules] == [2, 1]
    assert (made.version, made.newest.reason) == (2, "Too long")
    assert [one.number for one in template_named(cast.mia, "small", AT).rules] == [1]
    page = gate_page(cast.vera, gate.id, LATER)
    assert (page.gate.rules_number, page.gate.is_behind) == (1, True)
    # The same text again adds nothing; a stale writer is told.
    assert edit_gate_rules(cast.mia, "small", NEWER, LATER).newest.number == 2
    with pytest.raises(Conflict):
        edit_gate_rules(cast.mia, "small", SMALL, LATER, version=1)
    changed = change_gate_rules(cast.mia, gate.id, "small", None, LATER, version=1)
    assert (changed.rules_number, changed.is_behind) == (2, False)
    assert AuditEntry.objects.filter(action="change_gate_rules").exists()
    with pytest.raises(NotFound, match="the newest is 2"):
        change_gate_rules(cast.mia, gate.id, "small", 9, LATER)


def test_the_database_refuses_to_change_rules_and_decisions(cast: Cast) -> None:
    add_gate_template(cast.mia, SMALL, AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        GateRules.objects.update(content={})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        GateRules.objects.all()._raw_delete("default")
    assert not GateDecision.objects.exists()


def test_the_shipped_templates_come_once_and_a_stage_that_nobody_goes_through_is_refused(
    cast: Cast,
) -> None:
    assert install_gate_templates(cast.mia, AT) == 5
    assert install_gate_templates(cast.mia, AT) == 0
    assert [one.key for one in templates_of(cast.vera)][-1] == "retraining"
    unknown = SMALL.replace("live:", "lime:")
    with pytest.raises(Invalid, match="no stage 'lime'; did you mean 'live'"):
        add_gate_template(cast.mia, unknown, AT)
    with pytest.raises(Conflict):
        add_gate_template(cast.mia, SMALL.replace("small", "tabular"), AT)
    with pytest.raises(Refused):
        add_gate_template(cast.bob, SMALL, AT)


def test_gates_are_opened_once_a_stage_and_judge_what_they_are_told_to(cast: Cast) -> None:
    release = a_release(cast)
    first = open_gates(cast.mia, release.id, "tabular", AT, stages=["live"])
    assert [one.stage for one in first] == ["live"]
    every = open_gates(cast.mia, release.id, "tabular", AT)
    assert [one.stage for one in every] == ["validate", "integrate", "canary", "live"]
    assert every[-1] == first[0]
    with pytest.raises(Invalid, match="asks nothing before 'ramp'"):
        open_gates(cast.mia, release.id, "tabular", AT, stages=["ramp"])
    edit_gate_template(cast.mia, "vision", {"is_retired": True}, AT)
    with pytest.raises(Conflict, match="is retired"):
        open_gates(cast.mia, release.id, "vision", AT)
    add_item(cast.bob, "meter", "GO", {"name": "Go live", "kind": "milestone"}, AT)
    item = WorkItem.objects.get(key="GO")
    told = {"subject": "model:meter@2", "due": "2027-01-29", "milestone": str(item.id)}
    gate = edit_gate(cast.bob, first[0].id, told, LATER, version=1)
    assert (gate.subject, gate.milestone_id, gate.version) == ("model:meter@2", item.id, 2)
    with pytest.raises(Invalid, match="write model:name@version"):
        edit_gate(cast.bob, gate.id, {"subject": "model:meter"}, LATER)
    with pytest.raises(Invalid, match="no item of a project"):
        edit_gate(cast.bob, gate.id, {"milestone": str(gate.id)}, LATER)
    with pytest.raises(NotFound):
        edit_gate(cast.charlie, gate.id, {"owner": "x"}, LATER)


def test_one_requirement_set_is_a_version_and_decisions_stay_with_theirs(cast: Cast) -> None:
    release = a_release(cast)
    add_gate_template(cast.mia, SMALL, AT)
    (gate,) = open_gates(cast.mia, release.id, "small", AT)
    live, before = GatedStage("small", "live"), template_named(cast.mia, "small").content
    more = read_requirement({"key": "more", "rule": {"given": "criteria"}, "tiers": ["high"]})
    made = set_requirement(cast.mia, live, more, LATER, reason="Asked by risk", version=1)
    assert (made.newest.number, made.newest.reason, made.version) == (2, "Asked by risk", 2)
    assert made.content.stages[-1].requirements[-1] == more
    assert set_requirement(cast.mia, live, more, LATER).newest.number == 2
    with pytest.raises(Conflict):
        set_requirement(cast.mia, live, replace(more, name="Else"), LATER, version=1)
    told = AuditEntry.objects.filter(action="add_gate_rules").order_by("sequence").last()
    assert told is not None
    assert '"requirement":"more"' in told.text
    # The gate is judged by what it was opened with, and the version before is what it was.
    assert gate_page(cast.vera, gate.id, LATER).gate.rules_number == 1
    removed = remove_requirement(cast.mia, live, "more", LATER, version=2)
    assert (removed.newest.number, removed.content) == (3, before)


def test_who_may_not_or_says_what_no_file_may_changes_nothing(cast: Cast) -> None:
    add_gate_template(cast.mia, SMALL, AT)
    live = GatedStage("small", "live")
    more = read_requirement({"key": "more", "rule": {"given": "criteria"}})
    with pytest.raises(Refused):
        set_requirement(cast.bob, live, more, LATER)
    for act in (
        lambda: set_requirement(cast.charlie, live, more, LATER),
        lambda: remove_requirement(cast.charlie, live, "more", LATER),
        lambda: set_requirement(cast.mia, GatedStage("small", "ramp"), more, LATER),
    ):
        with pytest.raises(NotFound):
            act()
    unread = Requirement("Not a key", "", "", "", Term("evaluation", (), "x", Comparison.IN, ()))
    with pytest.raises(Invalid):
        set_requirement(cast.mia, live, unread, LATER)
    assert template_named(cast.mia, "small").newest.number == 1
