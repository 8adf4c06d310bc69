"""The explorer, what stands out, unit costs and trying a rule: all of the same charges."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast

from headway.domain.costs.actions import record_bills, set_allocation_rule
from headway.domain.costs.queries import (
    CostView,
    explore,
    rule_moves,
    unallocated_origins,
    unit_costs,
    what_stands_out,
)
from headway.domain.costs.rules import BillDraft
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions import create_program, create_project
from headway.errors import Invalid
from headway.observation import Observation, SubjectRef

Charge = tuple[str, str, str, dict[str, str]]  # service, category, amount, tags

AUGUST: list[Charge] = [
    ("GPU", "Usage", "60", {"team": "a"}),
    ("GPU", "Usage", "40", {"team": "b"}),
    ("GPU", "Tax", "5", {}),
    ("Cluster", "Idle", "7", {}),
]


def a_bill(month: str, charges: list[Charge], spike: int = 0) -> BillDraft:
    """Return a bill of these charges, its days even but for a spike on the 29th."""
    rows = [
        {"category": category, "currency": "USD", "service": service, "tags": tags, "rows": 1}
        | {"billed": amount, "effective": amount}
        for service, category, amount, tags in charges
    ]
    totals = [{key: row[key] for key in row if key not in ("service", "tags")} for row in rows]
    first = date.fromisoformat(f"{month}-01")
    days = [
        {"day": str(first + timedelta(at)), "service": "GPU", "currency": "USD"}
        | {"effective": str(10 + at % 3 + (spike if at == 28 else 0))}
        for at in range(monthrange(first.year, first.month)[1])
    ]
    return BillDraft("Cloud", "1", month, "FOCUS", "f", "0" * 64, len(rows), 0, totals, rows, days)


@pytest.fixture(autouse=True)
def two_months(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    for name in ("Scores", "Limits"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
    september: list[Charge] = [("GPU", "Usage", "90", {"team": "a", "mlflow.run_id": "r1"})]
    bills = [a_bill("2026-08", AUGUST), a_bill("2026-09", september, spike=90)]
    record_bills(cast.bob, bills, AT)
    values = {"conditions": [["tag:team", "a"]], "shares": [["scores", "0.5"], ["limits", "0.5"]]}
    set_allocation_rule(cast.mia, "a", values, AT)


def test_every_grouping_adds_up_to_the_same_and_idle_stands_apart(cast: Cast) -> None:
    for by in ("project", "category", "service", "charge", "rule", "program", "tag:team"):
        assert explore(cast.vera, CostView(by=by)).total == 202, by
    table = explore(cast.vera, CostView())
    assert {row.value: row.amounts for row in table.rows} == {
        "scores": (30, 45),
        "limits": (30, 45),
        "unallocated": (45, 0),
        "idle": (7, 0),
    }
    assert (table.unallocated, table.idle, table.tax) == (45, 7, 5)


def test_filters_cut_before_they_are_grouped(cast: Cast) -> None:
    view = CostView(by="service", filters={"project": "scores"}, first=date(2026, 9, 1))
    table = explore(cast.vera, view)
    assert [(row.value, row.amounts) for row in table.rows] == [("GPU", (45,))]
    assert explore(cast.vera, CostView(filters={"tag:team": "b"})).total == 40


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (CostView(by="colour"), "not grouped by 'colour'"),
        (CostView(measure="both"), "neither effective nor billed"),
        (CostView(first=date(1990, 1, 1)), "ask for 1 to 120"),
    ],
)
def test_another_question_is_refused(cast: Cast, view: CostView, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        explore(cast.vera, view)


def test_a_spike_is_told_with_the_bill_behind_it(cast: Cast) -> None:
    found = what_stands_out(cast.vera)
    assert [(one.anomaly.kind, one.anomaly.day) for one in found] == [("spike", date(2026, 9, 29))]
    assert found[0].sentence == "GPU: 101.00 USD a day on 29 Sep 2026, usually 11.00."
    assert found[0].record == 2


def test_the_same_money_is_told_once_and_by_the_narrowest(cast: Cast) -> None:
    draft = a_bill("2026-10", AUGUST)
    days = []
    for number, day in enumerate(str(date(2026, 10, 1) + timedelta(at)) for at in range(31)):
        more = 80 if number == 28 else 0
        told = (("sub_account", "one", 4), ("sub_account", "two", 40), ("tag:team", "a", 9))
        days += [
            {"day": day, "by": by, "value": value, "currency": "USD"}
            | {"effective": str(usual + number % 3 + (0 if value == "two" else more))}
            for by, value, usual in told
        ]
        days.append({"day": day, "service": "TPU", "currency": "USD"})
        days[-1]["effective"] = str(60 + number % 3 + more)
    record_bills(cast.bob, [replace(draft, provider="Other", days=days)], AT)
    (found,) = [one for one in what_stands_out(cast.vera) if one.provider == "Other"]
    assert (found.by, found.value, found.anomaly.change) == ("sub_account", "one", 80)
    assert found.words == ["service TPU", "tag team a"]
    assert found.sentence.startswith("Sub-account one: 85.00 USD a day on 29 Oct 2026")


def test_trying_a_rule_tells_what_would_move_and_keeps_nothing(cast: Cast) -> None:
    before = explore(cast.vera, CostView()).rows
    values = {"conditions": [["tag:team", "b"]], "shares": [["scores", "1"]]}
    moves = rule_moves(cast.mia, "b", values)
    assert (moves.fits, moves.taken) == (1, 1)
    assert moves.projects == {("scores", "USD"): 40, ("unallocated", "USD"): -40}
    greedy = {"conditions": [["service", "*"]], "shares": [["scores", "1"]], "order": 200}
    moves = rule_moves(cast.mia, "all", greedy)
    assert (moves.fits, moves.taken) == (5, 3)
    assert explore(cast.vera, CostView()).rows == before


def test_what_belongs_to_nobody_is_listed_the_dearest_first(cast: Cast) -> None:
    found = unallocated_origins(cast.vera)
    assert [(one.origin.category, one.effective) for one in found] == [("Usage", 40), ("Tax", 5)]


def a_run(cast: Cast, name: str, month: int, minutes: int, status: str = "finished") -> None:
    start = f"2026-{month:02}-10T09:00:00Z"
    end = f"2026-{month:02}-10T{9 + minutes // 60:02}:{minutes % 60:02}:00Z"
    payload = {"run_id": name, "group": "search", "status": status, "started_at": start}
    seen = Observation(
        SubjectRef("run", f"ml/{name}"), "run", "mlflow:ml", AT, payload | {"ended_at": end},
        project="scores",
    )  # fmt: skip
    record_evidence(cast.bob, [seen], AT)


def test_a_charge_is_its_runs_and_the_rest_is_shared_by_minutes(cast: Cast) -> None:
    a_run(cast, "r1", 9, 10)
    a_run(cast, "r2", 8, 90)
    a_run(cast, "r3", 8, 30, status="failed")
    scores = next(one for one in unit_costs(cast.vera) if one.project == "scores")
    # r1 names its run, so all 90 of September are Scores'; August's 30 are shared 3 : 1.
    assert (scores.compute, scores.runs, scores.failed_runs) == (120, 3, 1)
    assert scores.failed == Decimal("7.5")
    assert (scores.per_run, scores.without_run) == (40, 0)
    assert [(one.group, one.runs, one.cost) for one in scores.experiments] == [("search", 3, 120)]


def test_more_bills_take_no_more_queries(cast: Cast) -> None:
    counts = []
    for month in ("2026-06", "2026-07"):
        record_bills(cast.bob, [a_bill(month, AUGUST)], AT)
        explore(cast.vera, CostView())  # reads the new bill: once, then its columns are kept
        with CaptureQueriesContext(connection) as asked:
            explore(cast.vera, CostView())
            unit_costs(cast.vera)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20
