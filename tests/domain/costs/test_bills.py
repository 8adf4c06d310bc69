"""Bills as evidence: exact, idempotent, replaced by a correction, placed by rules, as of then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cast import AT, Cast
from tests.connectors.focus import bills

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor
from headway.domain.costs.actions import (
    BillFile,
    ImportedBill,
    import_bill,
    rebuild_bills,
    remove_allocation_rule,
    restore_allocation_rule,
    set_allocation_rule,
    settle_bills,
)
from headway.domain.costs.queries import (
    CostView,
    bill_lines,
    charge_export,
    charges_of,
    explore,
    rule_named,
)
from headway.domain.evidence.actions import record_evidence
from headway.domain.finance.queries import actuals_of
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

LATER, MUCH_LATER = AT + timedelta(days=1), AT + timedelta(days=2)
SEPTEMBER = date(2026, 9, 1)
Bring = Callable[..., ImportedBill]

TEAM_A = {"conditions": [["tag:team", "a*"]], "shares": [["scores", "1"]]}
GPU = bills.focus_row("100.005", "10.0000005", service="GPU", tags={"team": "a"})
DISK = bills.focus_row("7", "3", service="Disk", tags={"team": "b"})
BACK = bills.focus_row("-1.5", "-1", category="Credit", service="GPU", tags={"team": "a"})


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    create_project(cast.mia, "fraud", {"name": "Limits"}, AT)


@pytest.fixture
def bring(cast: Cast, tmp_path: Path) -> Bring:
    """Return a function that imports rows as the bill of a file."""

    def bringing(*rows: list[str], at: object = AT, actor: Actor = cast.bob) -> ImportedBill:
        path = tmp_path / "bill.csv"
        path.write_bytes(bills.table(rows))
        return import_bill(actor, BillFile(path, "bill.csv"), at)  # type: ignore[arg-type]

    return bringing


def burn(cast: Cast, at: object = None) -> Mapping[str, Decimal]:
    """Return what is used up by project, "" of what nobody claims."""
    table = explore(cast.vera, CostView(), at)  # type: ignore[arg-type]
    return {"" if row.value == "unallocated" else row.value: row.total for row in table.rows}


def test_a_bill_is_one_record_whose_totals_are_the_files(cast: Cast, bring: Bring) -> None:
    done = bring(GPU, DISK, BACK, GPU)
    assert (done.recorded, done.replaced, done.already_known) == (1, 0, 0)
    line = bill_lines(cast.vera)[0]
    assert (line.provider, line.account, line.month, line.rows) == ("AWS", "111", SEPTEMBER, 4)
    assert line.sums("billed") == {"USD": Decimal("205.510")}
    assert line.sums("effective") == {"USD": Decimal("22.000001")}
    assert burn(cast) == {"": Decimal("22.000001")}


def test_the_same_bill_again_changes_nothing_in_any_order_of_its_rows(
    cast: Cast, bring: Bring
) -> None:
    bring(GPU, DISK)
    before = list(charge_export(cast.vera))
    done = bring(DISK, GPU, at=LATER)
    assert (done.recorded, done.already_known) == (0, 1)
    assert list(charge_export(cast.vera)) == before


def test_a_corrected_period_replaces_and_the_past_keeps_what_was_known(
    cast: Cast, bring: Bring
) -> None:
    bring(GPU, DISK)
    done = bring(DISK, at=LATER)
    assert (done.recorded, done.replaced) == (1, 1)
    assert burn(cast) == {"": 3}
    assert burn(cast, AT) == {"": Decimal("13.000000")}
    assert len(bill_lines(cast.vera)) == 1
    bring(GPU, DISK, at=MUCH_LATER)
    assert burn(cast) == burn(cast, AT)


def test_accounts_and_months_are_bills_of_their_own(cast: Cast, bring: Bring) -> None:
    october = bills.focus_row("2", "2", start="2026-10-03 00:00:00")
    assert bring(GPU, october).recorded == 2
    assert [one.month.month for one in bill_lines(cast.vera)] == [10, 9]
    done = bring(GPU, at=LATER)
    assert (done.recorded, done.already_known) == (0, 1)
    assert len(bill_lines(cast.vera)) == 2


def test_a_rule_places_by_tag_and_its_change_can_be_taken_back(cast: Cast, bring: Bring) -> None:
    bring(GPU, DISK)
    rule = set_allocation_rule(cast.mia, "team-a", {**TEAM_A, "name": "Team A"}, LATER)
    assert burn(cast) == {"scores": Decimal("10.000000"), "": 3}
    assert burn(cast, AT) == {"": Decimal("13.000000")}
    both = {"shares": [["scores", "1/3"]]}
    with pytest.raises(Invalid, match="not a number"):
        set_allocation_rule(cast.mia, "team-a", both, LATER)
    thirds = {"shares": [["scores", "0.3"], ["limits", "0.7"]]}
    set_allocation_rule(cast.mia, "team-a", thirds, MUCH_LATER, version=rule.version)
    assert burn(cast)["limits"] == Decimal("7.000000")
    with pytest.raises(Conflict):
        set_allocation_rule(cast.mia, "team-a", thirds | {"name": "x"}, MUCH_LATER, version=1)
    restore_allocation_rule(cast.mia, "team-a", 1, MUCH_LATER)
    assert set(burn(cast)) == {"scores", ""}
    remove_allocation_rule(cast.mia, "team-a", MUCH_LATER)
    assert set(burn(cast)) == {""}
    with pytest.raises(NotFound):
        rule_named(cast.vera, "team-a")


def test_its_own_tag_and_its_run_say_where_a_charge_belongs(cast: Cast, bring: Bring) -> None:
    payload = {"run_id": "r1", "status": "finished", "tags": {"headway.project": "limits"}}
    seen = Observation(SubjectRef("run", "ml/r1"), "run", "mlflow:ml", AT, payload)
    record_evidence(cast.bob, [seen], AT)
    bring(
        bills.focus_row("1", "1", tags={"headway.project": "scores"}),
        bills.focus_row("2", "2", tags={"mlflow.run_id": "r1"}),
        bills.focus_row("4", "4", tags={"mlflow.run_id": "unknown"}),
    )
    assert burn(cast) == {"scores": 1, "limits": 2, "": 4}
    assert burn(cast, AT) == burn(cast)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"conditions": [["tag:team", "a"]]}, "needs its conditions and shares"),
        ({**TEAM_A, "shares": [["scores", "0.5"]]}, "add up to 0.5"),
        ({**TEAM_A, "shares": [["score", "1"]]}, "did you mean 'scores'"),
        ({**TEAM_A, "conditions": []}, "would take every charge"),
        ({**TEAM_A, "conditions": [["colour", "red"]]}, "no field 'colour'"),
        ({**TEAM_A, "shares": [["scores", "NaN"]]}, "above 0 and at most 1"),
        ({**TEAM_A, "category": "lunch"}, "none of"),
    ],
)
def test_a_rule_that_would_lose_money_is_refused(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_allocation_rule(cast.mia, "team-a", values, AT)


def test_a_rule_may_be_written_as_people_write_in_a_form(cast: Cast) -> None:
    values = {
        "conditions": "service = GPU*\ntag:team = a",
        "shares": "scores 70% item:A-1\nlimits 0.3",
    }
    rule = set_allocation_rule(cast.mia, "gpu", values, AT)
    assert rule.conditions == [["service", "GPU*"], ["tag:team", "a"]]
    assert rule.shares == [["scores", "0.7", "A-1", ""], ["limits", "0.3", "", ""]]


def cost(cast: Cast, amount: str, *, until: str = "2026-09-30", category: str = "compute") -> None:
    payload = {"amount": amount, "currency": "USD", "category": category}
    period = {"period_start": "2026-09-01", "period_end": until}
    subject = SubjectRef("project", "scores")
    seen = Observation(subject, "cost", "push", AT, {**payload, **period}, project="scores")
    record_evidence(cast.bob, [seen], AT)


def test_placed_charges_are_actuals_and_a_cost_record_of_them_is_not_added(
    cast: Cast, bring: Bring
) -> None:
    october = bills.focus_row("5", "5", start="2026-10-03 00:00:00", tags={"team": "a"})
    bring(GPU, BACK, october)
    set_allocation_rule(cast.mia, "team-a", TEAM_A, AT)
    program = program_named(cast.vera, "fraud")
    actuals = actuals_of(cast.vera, program)
    assert actuals.total == Decimal("14.000000")
    assert [(row.source, row.amount, row.billed) for row in actuals.rows] == [
        ("bill", Decimal("9.000000"), Decimal("98.505")),
        ("bill", 5, 5),
    ]
    cost(cast, "9.50")
    cost(cast, "1000", category="people")
    actuals = actuals_of(cast.vera, program)
    assert actuals.total == Decimal("1014.50")
    assert [row.amount for row in actuals.explained] == [Decimal("9.000000")]
    set_allocation_rule(cast.mia, "team-a", {"adds": True}, AT)
    assert actuals_of(cast.vera, program).total == Decimal("1023.500000")


def test_charges_name_project_month_category_and_record(cast: Cast, bring: Bring) -> None:
    record = bring(GPU).records[0]
    set_allocation_rule(cast.mia, "team-a", {**TEAM_A, "category": "data"}, AT)
    program = program_named(cast.vera, "fraud")
    found = charges_of(cast.vera, [program])[project_named(cast.vera, "scores").id]
    assert [(one.month, one.category, one.currency, one.record) for one in found] == [
        (SEPTEMBER, "data", "USD", record)
    ]
    assert found[0].project_id == project_named(cast.vera, "scores").id
    assert charges_of(cast.charlie, []) == {}


def test_a_rebuild_changes_nothing_and_a_pushed_bill_is_projected(cast: Cast, bring: Bring) -> None:
    bring(GPU, DISK, BACK)
    bring(DISK, at=LATER)
    before = list(charge_export(cast.vera))
    assert len(before) > 5
    assert rebuild_bills(headway_actor(cast.acme.id)) == 2
    assert list(charge_export(cast.vera)) == before
    draft = bring(GPU, at=MUCH_LATER).bills[0]
    record_evidence(cast.bob, [draft.observation(MUCH_LATER + timedelta(days=1))], MUCH_LATER)
    settle_bills(cast.bob)
    assert len(bill_lines(cast.vera)) == 1


def test_who_may_not_bring_or_place_is_refused_and_others_see_nothing(
    cast: Cast, bring: Bring
) -> None:
    bring(GPU)
    assert bill_lines(cast.charlie) == []
    assert explore(cast.charlie, CostView()).rows == []
    for actor in (cast.vera, cast.vic):
        with pytest.raises(Refused):
            bring(DISK, actor=actor)
    with pytest.raises(Refused):
        set_allocation_rule(cast.bob, "x", TEAM_A, AT)
    with pytest.raises(Refused):
        explore(cast.vic, CostView())


def test_refused_rows_are_said_on_the_bill(cast: Cast, bring: Bring) -> None:
    done = bring(GPU, bills.focus_row("NaN"))
    assert done.read.refused_count == 1
    assert bill_lines(cast.vera)[0].refused == 1
