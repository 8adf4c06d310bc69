from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import AT, Cast

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan as PlanValue
from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.simulation import Settings
from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import audit_page
from headway.domain.finance.queries import budget_of
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions import add_item, import_plan
from headway.domain.plans.models import Dependency, Need, Plan, RiskEffect, WorkItem
from headway.domain.plans.queries import plan_value, what_moved
from headway.domain.plans.rules.bridge import cause_of
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.actions import create_program, create_project, edit_program
from headway.domain.programs.models import Program
from headway.domain.programs.queries import program_named
from headway.domain.risks.models import Risk
from headway.errors import HeadwayError, Invalid, NotFound, Refused

LATER = AT + timedelta(days=7)
FILE = "fraud.yaml"

#: The plan file of the contract, every key of it, with the items that it refers to.
CONTRACT = """\
plan: Fraud model v3
start: 2026-01-05
unit: days
calendar: weekdays
distribution: pert
target: 2026-06-30
budget: {amount: 250000, currency: USD}
resources:
  data scientist: {capacity: 2, rate: 95/hour}
  gpu-a100: {capacity: 8, rate: 2.10/hour, kind: compute}
items:
  - {id: B, name: Contract, estimate: 2}
  - {id: C, name: Guidelines, estimate: [1, 2, 4]}
  - {id: D, name: Tooling, estimate: [2, 3, 9], after: [C SF +1]}
  - id: A
    name: Label 20k transactions
    kind: annotation
    estimate: [5, 5, 7]
    after: [B, C +2, D SS +1, "B FF +2e", "C SS +50%"]
    needs: {data scientist: 1, gpu-a100: 4}
    cost: 4000
    not_before: 2026-02-01
    deadline: 2026-03-15
  - id: X
    name: Transformer
    kind: experiment
    after: [A]
    attempts: {success: [0.3, 0.6, 0.8], feasible: 0.9, max: 3, each: [3, 5, 9],
               cost: 800, stop_by: 2026-04-30, else: fallback-item-id}
  - {id: fallback-item-id, name: Gradient boosting, estimate: [3, 4, 6], distribution: triangular}
  - {id: E, name: Validate, estimate: [4, 6, 12], after: [X]}
  - {id: Z, name: Kick-off, estimate: 1, started: 2026-01-05, finished: 2026-01-05}
  - {id: Y, name: Terms, estimate: 5, started: 2026-01-12, remaining: [2, 3, 6]}
  - {id: M, name: Handover, kind: milestone, after: [E, Y]}
risks:
  - {id: R1, name: Vendor late, probability: 0.3, delays: [A], delay: [2, 5, 15],
     cost: [0, 2000, 8000], mitigated: {probability: 0.1, cost: 3000}}
correlations:
  - {items: [A, E], rho: 0.5}
"""


@pytest.fixture(autouse=True)
def scores(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def bring(cast: Cast, text: str = CONTRACT, at: object = AT, **more: object) -> ImportResult:
    values = {"project": "scores", **more}
    return import_plan(cast.mia, text.encode(), FILE, at, **values)  # type: ignore[arg-type]


def known(cast: Cast, at: object = None) -> PlanValue:
    return plan_value(cast.vera, program_named(cast.vera, "fraud"), at)  # type: ignore[arg-type]


def everything() -> list[object]:
    """Return every row that an import may touch."""
    models = (Program, Plan, WorkItem, Dependency, Need, Risk, RiskEffect, AuditEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


def addressed(plan: PlanValue) -> PlanValue:
    """Return a file's plan under the addresses that the program's network uses."""

    def place(key: str) -> str:
        return f"scores/{key}"

    items = []
    for item in plan.items:
        after = tuple(replace(link, predecessor=place(link.predecessor)) for link in item.after)
        attempts = item.attempts
        if attempts and attempts.fallback:
            attempts = replace(attempts, fallback=place(attempts.fallback))
        items.append(replace(item, id=place(item.id), after=after, attempts=attempts))
    risks = [replace(one, delays=tuple(map(place, one.delays))) for one in plan.risks]
    pairs = [replace(one, items=tuple(map(place, one.items))) for one in plan.correlations]
    return replace(
        plan, items=tuple(items), risks=tuple(risks), correlations=tuple(pairs), name="Fraud"
    )


def test_everything_of_the_file_is_there(cast: Cast) -> None:
    result = bring(cast)
    assert (result.read, result.created, result.updated, result.unchanged) == (10, 10, 0, 0)
    assert result.skipped == []
    program = program_named(cast.vera, "fraud")
    assert program.target == date(2026, 6, 30)
    assert budget_of(cast.vera, program).total == Decimal(250_000)
    assert [one.name for one in resources_of(cast.vera, program)] == ["data scientist", "gpu-a100"]
    plan = known(cast)
    assert {one.id for one in plan.items} >= {"scores/A", "scores/fallback-item-id"}
    assert plan.correlations[0].rho == 0.5


@pytest.mark.parametrize("as_of", [None, date(2026, 2, 2)])
def test_the_imported_plan_forecasts_as_the_file_itself_does(
    cast: Cast, as_of: date | None
) -> None:
    bring(cast)
    options = Options(Settings(trials=500, as_of=as_of), drivers=5)
    stored = forecast(known(cast), options).as_json()
    own = forecast(addressed(read_plan(CONTRACT.encode(), FILE)), options).as_json()
    own["budget"] = {"amount": "250000.00", "currency": "USD"}
    assert stored == own


@pytest.mark.parametrize("shape", ["triangular", "lognormal", "uniform"])
def test_the_default_distribution_of_a_plan_holds_for_its_risks_too(cast: Cast, shape: str) -> None:
    text = CONTRACT.replace("distribution: pert", f"distribution: {shape}")
    bring(cast, text)
    options = Options(Settings(trials=500), drivers=0)
    stored = forecast(known(cast), options).as_json()
    own = forecast(addressed(read_plan(text.encode(), FILE)), options).as_json()
    assert stored["finish"] == own["finish"]
    assert stored["cost"] == own["cost"]


def test_importing_it_again_changes_nothing_at_all(cast: Cast) -> None:
    bring(cast)
    before = everything()
    result = bring(cast, at=LATER)
    assert (result.created, result.updated, result.unchanged) == (0, 0, 10)
    assert everything() == before


def test_a_dry_run_tells_the_same_and_changes_nothing(cast: Cast) -> None:
    before = everything()
    preview = bring(cast, dry_run=True)
    assert everything() == before
    assert bring(cast) == preview


def test_a_changed_file_updates_what_changed_and_keeps_the_past(cast: Cast) -> None:
    bring(cast)
    result = bring(cast, CONTRACT.replace("estimate: [4, 6, 12]", "estimate: [5, 8, 15]"), LATER)
    assert (result.created, result.updated, result.unchanged) == (0, 1, 9)
    now, then = known(cast), known(cast, AT)
    assert next(one for one in now.items if one.id == "scores/E").estimate.numbers == (5, 8, 15)  # type: ignore[union-attr]
    assert next(one for one in then.items if one.id == "scores/E").estimate.numbers == (4, 6, 12)  # type: ignore[union-attr]


def test_a_link_that_the_file_drops_is_dropped(cast: Cast) -> None:
    bring(cast)
    result = bring(cast, CONTRACT.replace("after: [E, Y]", "after: [E]"), LATER)
    assert result.updated == 1
    last = next(one for one in known(cast).items if one.id == "scores/M")
    assert [link.predecessor for link in last.after] == ["scores/E"]


def test_an_item_the_file_no_longer_has_is_kept_and_listed(cast: Cast) -> None:
    bring(cast)
    add_item(cast.bob, "scores", "mine", {"name": "Mine", "estimate": 1}, AT)
    result = bring(cast, at=LATER)
    assert len(result.skipped) == 1
    assert "'mine'" in result.skipped[0].reason
    assert "kept" in result.skipped[0].reason
    assert "scores/mine" in {one.id for one in known(cast).items}


def test_what_the_program_says_already_is_kept_and_the_difference_is_listed(cast: Cast) -> None:
    bring(cast)
    create_project(cast.mia, "fraud", {"name": "Rules"}, AT)
    other = (
        CONTRACT.replace("target: 2026-06-30", "target: 2026-09-30")
        .replace("calendar: weekdays", "calendar: six\ncalendars:\n  six: {weekdays: [mon, sat]}")
        .replace("capacity: 2, rate: 95/hour", "capacity: 5, rate: 95/hour")
    )
    result = bring(cast, other, project="rules")
    reasons = " | ".join(one.reason for one in result.skipped)
    for word in ("calendar", "target", "data scientist"):
        assert word in reasons
    assert program_named(cast.vera, "fraud").target == date(2026, 6, 30)
    assert {one.capacity for one in resources_of(cast.vera, program_named(cast.vera, "fraud"))} == {
        2,
        8,
    }


def test_the_first_plan_brings_the_calendar_of_the_program(cast: Cast) -> None:
    text = CONTRACT.replace(
        "calendar: weekdays",
        "calendar: ours\ncalendars:\n  ours: {weekdays: [mon, tue, wed], hours: 08:00-14:00, "
        "holidays: [2026-01-06]}",
    )
    bring(cast, text)
    calendar = known(cast).calendar
    assert calendar is not None
    assert (calendar.weekdays, calendar.hours_per_day) == ((0, 1, 2), 6)
    assert calendar.holidays == (date(2026, 1, 6),)


@pytest.mark.parametrize(("unit", "days"), [("hours", 1 / 8), ("weeks", 5)])
def test_hours_and_weeks_become_working_days(cast: Cast, unit: str, days: float) -> None:
    text = CONTRACT.replace("unit: days", f"unit: {unit}")
    bring(cast, text)
    label = next(one for one in known(cast).items if one.id == "scores/A")
    assert label.estimate is not None
    assert label.estimate.numbers == (5 * days, 5 * days, 7 * days)
    lags = {(one.predecessor[7:], one.type.value): one.lag for one in label.after}
    assert lags[("C", "FS")] == 2 * days
    assert lags[("C", "SS")] == 50
    assert known(cast).risks[0].delay is not None
    stored = forecast(known(cast), Options(Settings(trials=300), drivers=0))
    own = forecast(read_plan(text.encode(), FILE), Options(Settings(trials=300), drivers=0))
    assert stored.deterministic.duration == pytest.approx(own.deterministic.duration * days)


@pytest.mark.parametrize(
    ("unit", "notes"),
    [
        ("hours", ["Durations in hours were read as 8 h a working day."]),
        ("weeks", ["Durations in weeks were read as 5 working days a week."]),
        ("days", []),
    ],
)
def test_the_preview_says_how_durations_were_read(cast: Cast, unit: str, notes: list[str]) -> None:
    result = bring(cast, CONTRACT.replace("unit: days", f"unit: {unit}"), dry_run=True)
    assert list(result.notes) == result.as_json()["notes"] == notes


def test_hours_are_read_by_the_files_own_calendar(cast: Cast) -> None:
    text = CONTRACT.replace(
        "calendar: weekdays",
        "calendar: ours\ncalendars:\n  ours: {weekdays: [mon, tue], hours: 08:00-14:00}",
    )
    assert text != CONTRACT
    result = bring(cast, text.replace("unit: days", "unit: hours"))
    assert result.notes == ("Durations in hours were read as 6 h a working day.",)


def test_a_table_of_comma_separated_values_is_a_plan_too(cast: Cast) -> None:
    table = "id,name,optimistic,most_likely,pessimistic,after\nA,Label,3,5,9,\nB,Train,1,2,4,A\n"
    result = import_plan(cast.mia, table.encode(), "plan.csv", AT, project="scores")
    assert (result.read, result.created) == (2, 2)
    assert known(cast).start == AT.date()
    assert "work begins on 2026-11-23" in result.skipped[0].reason
    again = import_plan(cast.mia, table.encode(), "plan.csv", LATER, project="scores")
    assert (again.unchanged, known(cast).start) == (2, AT.date())


def test_numbers_where_a_project_needs_dates_are_refused_by_item_and_line(cast: Cast) -> None:
    text = "plan: P\ncalendar: none\nitems:\n  - {id: A, estimate: 1, deadline: 20}\n"
    with pytest.raises(Invalid, match=r"Item A, line 4: 20\.0 is a number of days"):
        bring(cast, text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("after: [X]}", "after: [X, M]}", "waits for itself"),
        ("after: [X]}", "after: [Q]}", "'Q'"),
        ("estimate: [4, 6, 12]", "estimate: [6, 4, 12]", "out of order"),
        ("id: E,", "id: B,", "'B' is used 2 times"),
        ("probability: 0.3", "probability: 1.3", "from 0 to 1"),
        ("rho: 0.5", "rho: 5", "rho"),
        ("estimate: 2}", "estimate: .nan}", "nan"),
        ("calendar: weekdays", "calendar: none", "finite number"),
    ],
)
def test_a_broken_file_is_one_clear_sentence_and_nothing_is_imported(
    cast: Cast, old: str, new: str, said: str
) -> None:
    assert old in CONTRACT
    before = everything()
    with pytest.raises(Invalid, match=said):
        bring(cast, CONTRACT.replace(old, new))
    assert everything() == before


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    start=st.integers(0, len(CONTRACT)),
    length=st.integers(0, 30),
    text=st.text(alphabet="ABX[]{},:-0123456789 \n'\"é", max_size=8),
)
def test_a_file_with_any_slip_imports_soundly_or_changes_nothing(
    cast: Cast, start: int, length: int, text: str
) -> None:
    slipped = CONTRACT[:start] + text + CONTRACT[start + length :]
    with transaction.atomic():
        before = everything()
        try:
            bring(cast, slipped)
        except HeadwayError:
            assert everything() == before
        else:
            again = bring(cast, slipped)
            assert again.unchanged == again.read
        transaction.set_rollback(True)


def test_an_item_id_that_does_not_fit_is_named(cast: Cast) -> None:
    long = "K" * 61
    with pytest.raises(Invalid, match=long):
        bring(cast, CONTRACT.replace("id: M,", f"id: {long},"))


def test_an_import_is_one_line_of_the_audit_trail_with_its_file(cast: Cast) -> None:
    bring(cast)
    line = next(one for one in audit_page(cast.alice).lines if one.action == "import_plan")
    assert (line.detail["file"], line.detail["created"]) == (FILE, 10)


def test_without_a_project_the_plan_makes_its_own(cast: Cast) -> None:
    result = bring(cast, project="")
    assert result.project == "fraud-model-v3"
    assert bring(cast, project="").unchanged == 10


def test_a_contributor_may_import_and_what_is_not_theirs_is_listed(cast: Cast) -> None:
    result = import_plan(cast.bob, CONTRACT.encode(), FILE, AT, project="scores")
    assert result.created == 10
    reasons = " | ".join(one.reason for one in result.skipped)
    assert "target" in reasons
    assert "budget" in reasons


def test_strangers_and_viewers_stay_out(cast: Cast) -> None:
    before = everything()
    with pytest.raises(NotFound):
        import_plan(cast.charlie, CONTRACT.encode(), FILE, AT, project="scores")
    with pytest.raises(Refused):
        import_plan(cast.vera, CONTRACT.encode(), FILE, AT, project="scores")
    assert everything() == before


def test_what_a_risk_closes_is_kept_with_it(cast: Cast) -> None:
    text = """
start: 2026-01-05
resources: {ml: {capacity: 1}}
items: [{id: A, estimate: 10, needs: {ml: 1}}]
risks:
  - {id: Z, probability: 1, closes: {lasts: 3, from: 2026-01-07, to: 2026-01-14, resources: [ml]}}
  - {id: Y, probability: 1, closes: {lasts: 3, from: 2026-01-07, to: 2026-01-14, items: [A]}}
"""
    create_program(cast.mia, {"name": "Freeze"}, AT)
    create_project(cast.mia, "freeze", {"name": "Frozen"}, AT)
    told = import_plan(cast.bob, text.encode(), "plan.yaml", AT, project="frozen")
    assert not [row.reason for row in told.skipped if "closes" in row.reason]
    plan = plan_value(cast.vera, program_named(cast.vera, "freeze"))
    closes = {risk.id: risk.closes for risk in plan.risks}
    assert closes["Y"] is not None
    assert (closes["Y"].items, closes["Y"].resources) == (("frozen/A",), ())
    assert closes["Z"] is not None
    assert closes["Z"].resources == ("ml",)
    again = import_plan(cast.bob, text.encode(), "plan.yaml", LATER, project="frozen")
    assert (again.created, again.updated) == (0, 0)


def test_how_a_file_reads_single_numbers_and_disorder_comes_with_the_first_plan(
    cast: Cast,
) -> None:
    text = """
start: 2026-01-05
one_point: history
progress: retained
items:
  - {id: A, estimate: 10}
  - {id: B, estimate: 10, after: A, started: 2026-01-06, remaining: 4}
"""
    create_program(cast.mia, {"name": "Order"}, AT)
    create_project(cast.mia, "order", {"name": "First"}, AT)
    create_project(cast.mia, "order", {"name": "Second"}, AT)
    told = import_plan(cast.bob, text.encode(), "plan.yaml", AT, project="second", dry_run=True)
    assert [row.reason for row in told.skipped] == [
        "one point history: a manager of programs sets it",
        "progress retained: a manager of programs sets it",
    ]
    import_plan(cast.mia, text.encode(), "plan.yaml", AT, project="first")
    program = program_named(cast.vera, "order")
    plan = plan_value(cast.vera, program)
    assert (plan.progress, plan.one_point) == ("retained", "history")
    edit_program(cast.mia, "order", {"progress": "override", "one_point": None}, LATER)
    plan = plan_value(cast.vera, program_named(cast.vera, "order"))
    assert (plan.progress, plan.one_point) == ("override", "certain")
    assert plan_value(cast.vera, program_named(cast.vera, "order", AT), AT).progress == "retained"
    told = import_plan(cast.mia, text.encode(), "plan.yaml", LATER, project="second")
    assert "progress retained: the program's own is kept for all" in [
        row.reason for row in told.skipped
    ]
    moves = what_moved(cast.mia, program_named(cast.mia, "order"), AT + timedelta(minutes=1))
    causes = {move.field: cause_of(move) for move in moves if move.thing == "program"}
    assert causes == {"progress": "progress", "one point": "estimates"}
