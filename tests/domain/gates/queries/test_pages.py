"""A gate judged from evidence: what is missing, who owes it, as known at any moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.gates.gated import LATER, V2, V3, a_release, passed, push, recall, the_gates

from headway.domain.gates.actions import add_gate_template, edit_gate, open_gates
from headway.domain.gates.queries import (
    GateStanding,
    gate_asked,
    gate_page,
    gate_standings,
    judged_row,
    project_gates,
)
from headway.domain.gates.rules.facts import GateFacts
from headway.errors import NotFound

pytestmark = pytest.mark.django_db

SMALL = """
key: small
name: Small
stages:
  live:
    - {key: promised, owner: data science, rule: {given: criteria}}
    - key: drilled
      owner: operations
      how: "Roll {model} back once."
      rule: {evidence: drill, about: "model:{model}@*", where: {drill: rollback}, fresh_days: 90}
    - key: compared
      rule: {evidence: check, about: "model:{model}@{version}", where: {check: champion},
             bind: [version]}
"""


def a_small_gate(cast: Cast) -> GateFacts:
    release = a_release(cast)
    add_gate_template(cast.mia, SMALL, AT)
    return open_gates(cast.mia, release.id, "small", AT)[0]


def words(page: GateStanding) -> dict[str, str]:
    return {line.key: line.word for line in page.lines}


def test_a_gate_opens_by_evidence_and_closes_when_it_goes_stale(cast: Cast) -> None:
    gate = a_small_gate(cast)
    empty = gate_page(cast.vera, gate.id, AT)
    assert words(empty) == {"promised": "missing", "drilled": "missing", "compared": "missing"}
    assert empty.owing == ["data science", "operations"]
    assert not empty.standing.is_open
    recall(cast, V2, 0.95)
    push(cast, "drill", V2, drill="rollback", passed=True)
    passed(cast, ["champion"], V2)
    page = gate_page(cast.vera, gate.id, AT)
    assert page.standing.is_open
    assert page.judged == V2
    assert page.lacking == []
    assert page.standing.stale_at == AT + timedelta(days=90) == page.lines[1].stale_at
    assert page.lines[1].how == "Roll meter back once."
    past = gate_page(cast.vera, gate.id, AT + timedelta(days=91))
    assert words(past)["drilled"] == "stale"
    assert not past.standing.is_open


def test_a_new_version_makes_evidence_of_the_old_one_fall_away_and_the_trace_says_so(
    cast: Cast,
) -> None:
    gate = a_small_gate(cast)
    recall(cast, V2, 0.95)
    passed(cast, ["champion"], V2)
    push(cast, "model_version", V3, 1, status="READY", run_id="r1")
    page = gate_page(cast.vera, gate.id, LATER)
    assert page.judged == V3
    assert words(page)["promised"] == "missing"
    compared = page.lines[2]
    assert compared.verdict == "missing"
    assert compared.trace.passed_over == compared.records
    assert "it names version model:meter@2, not model:meter@3" in compared.sentence
    recall(cast, V3, 0.5, 2)
    assert words(gate_page(cast.vera, gate.id, LATER))["promised"] == "unmet"
    edit_gate(cast.mia, gate.id, {"subject": V2}, LATER)
    pinned = gate_page(cast.vera, gate.id, LATER)
    assert pinned.judged == V2
    assert words(pinned)["promised"] == words(pinned)["compared"] == "met"


def test_the_past_is_judged_by_what_was_known_then(cast: Cast) -> None:
    gate = a_small_gate(cast)
    recall(cast, V2, 0.95)
    then = gate_page(cast.vera, gate.id, AT, known_at=AT)
    assert then.seen_digest == gate_page(cast.vera, gate.id, AT).seen_digest
    recall(cast, V2, 0.1, 3)
    edit_gate(cast.mia, gate.id, {"owner": "Mia"}, LATER)
    assert gate_page(cast.vera, gate.id, AT, known_at=AT) == then
    assert words(gate_page(cast.vera, gate.id, LATER))["promised"] == "unmet"


def test_gates_of_another_workspace_are_not_there(cast: Cast) -> None:
    gate = a_small_gate(cast)
    assert gate_standings(cast.charlie, AT) == []
    with pytest.raises(NotFound):
        gate_page(cast.charlie, gate.id, AT)
    with pytest.raises(NotFound, match="there are gates before live"):
        gate_asked(cast.vera, "meter", "shipped", AT)


def test_many_gates_take_as_many_queries_as_one(cast: Cast) -> None:
    gates = the_gates(cast)
    recall(cast, V2, 0.95)
    with CaptureQueriesContext(connection) as of_few:
        few = gate_standings(cast.vera, AT)
    for name in ("other", "third"):
        open_gates(cast.mia, a_release(cast, name).id, "vision", AT)
    with CaptureQueriesContext(connection) as of_many:
        many = gate_standings(cast.vera, AT)
    assert (len(few), len(many)) == (4, 12)
    assert len(of_many) == len(of_few) <= 42
    assert [one.gate.stage for one in few] == ["validate", "integrate", "canary", "live"]
    assert {one.gate.project for one in project_gates(cast.vera, "third", AT)} == {"third"}
    row = gate_asked(cast.vera, "meter", "live", AT)
    assert judged_row(cast.vera, row, AT) == gate_page(cast.vera, gates["live"].id, AT)


BOUND = """
key: bound
name: Bound
stages:
  live:
    - key: of-the-commit
      rule: {evidence: check, about: "model:{model}@{version}", where: {check: tests}, bind: commit}
    - key: of-the-data
      rule: {evidence: check, about: "dataset:*", bind: dataset}
    - key: soaked
      rule: {soak_days: 2, about: "deployment:{model}/production", gap_days: 1,
             cover: {evidence: check, about: "deployment:{model}/production"}}
"""


def test_evidence_is_bound_to_the_commit_the_data_and_the_time_in_service(cast: Cast) -> None:
    release = a_release(cast)
    add_gate_template(cast.mia, BOUND, AT)
    (gate,) = open_gates(cast.mia, release.id, "bound", AT)
    push(cast, "run", "run:lab/r7", run_id="r7", commit="abc", datasets=[])
    push(cast, "model_version", V2, status="READY", run_id="r7")
    push(cast, "dataset_version", "dataset:rows@1", digest="d1")
    place = "deployment:meter/production"
    push(cast, "deployment", place, model="meter", version="2", status="live", deployed_at=None)
    check = {"passed": True, "rows": 10, "check": "tests"}
    push(cast, "check", V2, **check, commit="abc")
    push(cast, "check", V2, 1, **check, commit="other")  # newer, and of another commit
    push(cast, "check", "dataset:rows@1", **check, dataset_digest="d1")
    for hours in range(0, 49, 12):
        push(cast, "check", place, hours, **check)
    page = gate_page(cast.vera, gate.id, AT + timedelta(days=2))
    assert words(page) == {"of-the-commit": "met", "of-the-data": "met", "soaked": "met"}
    assert page.lines[0].trace.passed_over
    push(cast, "dataset_version", "dataset:rows@2", 50, digest="d2")
    page = gate_page(cast.vera, gate.id, AT + timedelta(days=3))
    assert words(page)["of-the-data"] == "missing"
