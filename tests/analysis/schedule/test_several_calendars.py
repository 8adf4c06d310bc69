"""Plans whose work runs in several calendars, against the one-calendar engine and by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.schedule.plans import plan_of

from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.critical_path import CriticalPath, critical_path
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import Run, forward
from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Calendar,
    Estimate,
    Item,
    LagUnit,
    Link,
    LinkType,
    Plan,
    Resource,
    Unit,
)
from headway.analysis.schedule.several import SeveralCalendars
from headway.analysis.schedule.simulation import Settings, frame_of, simulate
from headway.analysis.schedule.soundness import problems
from headway.errors import Invalid

MONDAY = date(2026, 1, 5)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
CALENDARS = """
calendars:
  saturdays: {weekdays: [sat]}
  daily: {weekdays: [mon, tue, wed, thu, fri, sat, sun]}
  always: {weekdays: [mon, tue, wed, thu, fri, sat, sun], hours: "00:00-24:00"}
"""


def _plan(*items: str, more: str = "", start: str = "2026-01-05") -> Plan:
    listed = "\n".join(f"  - {{{item}}}" for item in items)
    return plan_of(f"plan: P\nstart: {start}\n{CALENDARS}{more}\nitems:\n{listed}\n")


def _run(plan: Plan, as_of: date | None = None) -> Run:
    frame = frame_of(plan, as_of)
    return forward(frame, most_likely(plan, frame.timings))


def _dates(plan: Plan, as_of: date | None = None) -> dict[str, tuple[str, str]]:
    run = _run(plan, as_of)
    time = run.frame.time
    return {
        item.id: (
            str(time.date_of_start(float(run.starts[n][0]))),
            str(time.date_of_finish(float(run.finishes[n][0]))),
        )
        for n, item in enumerate(plan.items)
    }


def _hours(run: Run, times: Times) -> float:
    """Return the hours since 1970 at one time of a run."""
    assert isinstance(run.frame.time, SeveralCalendars)
    assert run.frame.time.axis is not None
    return float(run.frame.time.axis.hours_at(times)[0])


def test_work_in_a_weekend_calendar_waits_for_the_weekend() -> None:
    found = _dates(
        _plan(
            "id: A, estimate: 5",
            "id: B, estimate: 2, after: A, calendar: saturdays",
            "id: C, estimate: 1, after: B",
        )
    )
    assert found == {
        "A": ("2026-01-05", "2026-01-09"),
        "B": ("2026-01-10", "2026-01-17"),
        "C": ("2026-01-19", "2026-01-19"),
    }


def test_an_item_without_links_starts_when_its_own_calendar_works() -> None:
    plan = _plan("id: A, estimate: 1", "id: S, estimate: 1, calendar: daily", start="2026-01-03")
    assert _dates(plan) == {
        "A": ("2026-01-05", "2026-01-05"),
        "S": ("2026-01-03", "2026-01-03"),
    }


def test_a_day_of_work_is_the_plans_hours_whatever_the_calendar() -> None:
    plan = _plan("id: A, estimate: 3, calendar: always")
    assert _dates(plan) == {"A": ("2026-01-05", "2026-01-05")}
    assert float(_run(plan).lasting[0][0]) == 3.0


def test_an_elapsed_lag_runs_through_the_night_and_a_working_lag_does_not() -> None:
    found = _dates(
        _plan(
            "id: A, estimate: 1",
            "id: E, estimate: 1, after: A +1e, calendar: always",
            "id: W, estimate: 1, after: A +1, calendar: always",
        )
    )
    assert found["E"][0] == "2026-01-06"
    assert found["W"][0] == "2026-01-06"
    run = _run(_plan("id: A, estimate: 1", "id: E, estimate: 1, after: A +1e, calendar: always"))
    assert _hours(run, run.starts[1]) - _hours(run, run.finishes[0]) == pytest.approx(24.0)


def test_a_milestone_stands_where_its_predecessor_ends() -> None:
    found = _dates(
        _plan("id: S, estimate: 1, calendar: saturdays", "id: M, kind: milestone, after: S")
    )
    assert found["M"] == ("2026-01-10", "2026-01-10")


def test_a_target_on_friday_is_not_met_by_work_that_ends_on_saturday() -> None:
    plan = _plan("id: S, estimate: 1, calendar: saturdays")
    futures = simulate(plan, Settings(trials=10))
    assert futures.p_on_time(date(2026, 1, 9)) == 0.0
    assert futures.p_on_time(date(2026, 1, 10)) == 1.0


def test_work_runs_when_its_own_calendar_and_its_resources_work() -> None:
    more = "resources:\n  crew: {capacity: 1, calendar: mornings}\n"
    plan = plan_of(
        "plan: P\nstart: 2026-01-05\ncalendars:\n  mornings: {hours: 07:00-13:00}\n"
        f"{more}items:\n  - {{id: A, estimate: 1, needs: {{crew: 1}}}}\n"
    )
    # 9 to 13 is common, four hours a day: a day's work of eight hours takes two.
    assert _dates(plan) == {"A": ("2026-01-05", "2026-01-06")}
    assert float(_run(plan).lasting[0][0]) == 1.0


def test_calendars_that_never_work_at_once_are_refused() -> None:
    with pytest.raises(Invalid, match="no working hour in common"):
        frame_of(
            plan_of(
                "plan: P\nstart: 2026-01-05\ncalendars:\n  nights: {hours: 18:00-23:00}\n"
                "resources:\n  crew: {capacity: 1, calendar: nights}\n"
                "items:\n  - {id: A, estimate: 1, needs: {crew: 1}}\n"
            )
        )


def test_half_days_and_worked_holidays_count_what_they_hold() -> None:
    half = Calendar(
        "office",
        extra=((date(2026, 1, 6), ((9.0, 13.0),)), (date(2026, 1, 10), ((9.0, 17.0),))),
        hours=((4, ((9.0, 11.0),)),),
    )
    item = Item("A", estimate=Estimate.certain(5.0))
    # Mon 8, Tue 4, Wed 8, Thu 8, Fri 2 hours; of the 40, Saturday has 8 and Monday 2.
    plan = Plan("P", (item,), start=MONDAY, calendar=half)
    assert _dates(plan)["A"] == ("2026-01-05", "2026-01-12")
    assert float(_run(plan).finish[0]) == pytest.approx(5.0, abs=1e-4)


def test_a_night_shift_runs_across_midnight() -> None:
    nights = Calendar("nights", windows=((22.0, 30.0),))
    plan = Plan("P", (Item("A", estimate=Estimate.certain(5.0)),), start=MONDAY, calendar=nights)
    assert _dates(plan)["A"] == ("2026-01-05", "2026-01-10")


def test_hours_in_two_zones_are_compared_on_one_axis() -> None:
    berlin = Calendar("berlin", zone="Europe/Berlin")
    york = Calendar("york", zone="America/New_York")
    plan = Plan(
        "P",
        (
            Item("A", estimate=Estimate.certain(1.0)),
            Item("B", estimate=Estimate.certain(4.0), after=(Link("A"),), calendar="york"),
            Item("C", estimate=Estimate.certain(1.0), after=(Link("B"),)),
        ),
        start=MONDAY,
        unit=Unit.HOURS,
        calendar=berlin,
        calendars=(york,),
    )
    run = _run(plan)
    midnight = _hours(run, np.array([run.frame.time.start_of(MONDAY)]))
    begun = [_hours(run, start) - midnight for start in run.starts]
    # Hours since midnight in Berlin: 9 there; New York opens at 15 and is done at 19; then Tuesday.
    assert begun == pytest.approx([9.0, 15.0, 33.0])


@pytest.mark.parametrize(
    ("start", "hours_until_tuesday"), [("2026-03-29", 47.0), ("2026-10-25", 49.0)]
)
def test_a_day_on_which_the_clocks_change_has_23_or_25_hours(
    start: str, hours_until_tuesday: float
) -> None:
    always = Calendar("always", EVERY_DAY, ((0.0, 24.0),), zone="Europe/Berlin")
    item = Item("A", estimate=Estimate.certain(hours_until_tuesday))
    first = date.fromisoformat(start)
    plan = Plan("P", (item,), start=first, unit=Unit.HOURS, calendar=always)
    frame = frame_of(plan)
    tuesday = frame.time.start_of(date.fromordinal(first.toordinal() + 2))
    assert float(_run(plan).finish[0]) == pytest.approx(tuesday)


def test_a_window_that_the_clocks_jump_over_is_shorter() -> None:
    night = Calendar("night", EVERY_DAY, ((1.0, 4.0),), zone="Europe/Berlin")
    item = Item("A", estimate=Estimate.certain(3.0))
    plan = Plan("P", (item,), start=date(2026, 3, 29), unit=Unit.HOURS, calendar=night)
    assert _dates(plan)["A"] == ("2026-03-29", "2026-03-30")


def test_twenty_years_of_daily_work_and_what_lies_beyond_the_table_have_dates() -> None:
    plan = _plan("id: A, estimate: 5000, calendar: daily", "id: B, estimate: 50000, after: A")
    found = _dates(plan)
    assert found["A"][1] == str(date.fromordinal(MONDAY.toordinal() + 4999))
    plain = _plan("id: A, estimate: 50000")
    assert found["B"][1] > _dates(plain)["A"][1] > "2190-01-01"


def test_never_stays_never_on_the_axis_with_clocks() -> None:
    plan = _plan(
        "id: E, calendar: daily, attempts: {success: 0, max: 1, each: 1}",
        "id: X, estimate: 1, after: E",
    )
    assert not np.isfinite(simulate(plan, Settings(trials=5)).finish).any()


def _path(plan: Plan) -> CriticalPath:
    return critical_path(frame_of(plan))


def test_float_is_counted_in_the_items_own_working_time() -> None:
    path = _path(
        _plan(
            "id: A, estimate: 10",
            "id: S, estimate: 1, calendar: saturdays",
            "id: M, kind: milestone, after: [A, S]",
        )
    )
    # A ends on Friday 16 January; one Saturday is spare between the 10th and then.
    assert path.total_float["S"] == 0.0
    assert path.free_float["A"] == 0.0
    assert path.path[0] == "A"


def test_the_longest_path_is_told_where_floats_hide_it() -> None:
    path = _path(
        _plan(
            "id: A, estimate: 4",
            "id: S, estimate: 1, after: A, calendar: saturdays",
            "id: B, estimate: 1, after: S",
        )
    )
    # A may end a day later without moving Saturday's work, and the finish still rests on it.
    assert path.total_float["A"] == 1.0
    assert path.path == ("S", "B")
    assert path.longest == ("A", "S", "B")
    assert path.near == ("A",)


@st.composite
def _plans(draw: st.DrawFn, units: Sequence[LagUnit] = tuple(LagUnit)) -> Plan:
    items = []
    for number in range(draw(st.integers(1, 6))):
        links = tuple(
            Link(
                f"I{source}",
                draw(st.sampled_from(LinkType)),
                draw(st.sampled_from((0.0, 0.0, 1.0, 0.5, 3.0, -1.0))),
                draw(st.sampled_from(units)),
            )
            for source in range(number)
            if draw(st.booleans())
        )
        # A start on a day off stands there on the absolute axis, and on Monday among units.
        days = st.sampled_from((0, 1, 4, 7, 11, 18)).map(
            lambda n: date.fromordinal(MONDAY.toordinal() + n)
        )
        item = Item(
            f"I{number}",
            estimate=Estimate.certain(draw(st.sampled_from((1.0, 2.5, 4.0, 5.0, 0.25)))),
            after=links,
        )
        what = draw(st.sampled_from(("", "", "not_before", "pinned", "started", "deadline")))
        if what:
            item = replace(item, **{what: draw(days)})  # type: ignore[arg-type]
        items.append(item)
    return Plan("P", tuple(items), start=MONDAY, calendar=WEEKDAYS)


@settings(max_examples=40)
@given(_plans(), st.sampled_from((None, date(2026, 1, 14))))
def test_the_axis_with_clocks_agrees_with_working_units_where_one_calendar_suffices(
    plan: Plan, as_of: date | None
) -> None:
    # The same hours under another name, on one item: enough to leave the axis of working units.
    named = replace(plan.items[0], calendar="twin")
    twin = replace(
        plan, items=(named, *plan.items[1:]), calendars=(replace(WEEKDAYS, name="twin"),)
    )
    one, other = _run(plan, as_of), _run(twin, as_of)
    assert one.frame.time.is_plain
    assert not other.frame.time.is_plain
    for plain, absolute in ((one.starts, other.starts), (one.finishes, other.finishes)):
        told = [float(values[0]) for values in absolute]
        assert told == pytest.approx([float(values[0]) for values in plain], abs=1e-4)


@settings(max_examples=40)
@given(_plans((LagUnit.WORKING, LagUnit.PERCENT)))
def test_floats_agree_with_working_units_where_one_calendar_suffices(plan: Plan) -> None:
    named = replace(plan.items[0], calendar="twin")
    twin = replace(
        plan, items=(named, *plan.items[1:]), calendars=(replace(WEEKDAYS, name="twin"),)
    )
    one, other = _path(plan), _path(twin)
    for item_id, value in one.total_float.items():
        assert other.total_float[item_id] == pytest.approx(value, abs=1e-4), item_id


def test_a_resource_without_a_calendar_of_its_own_leaves_the_plan_on_the_fast_path() -> None:
    item = Item("A", estimate=Estimate.certain(1.0), needs={"crew": 1.0})
    plan = Plan("P", (item,), MONDAY, calendar=WEEKDAYS, resources=(Resource("crew", 1.0),))
    assert frame_of(plan).time.is_plain


def test_days_off_keep_a_plan_on_the_fast_path() -> None:
    office = Calendar("office", extra=((date(2026, 1, 6), ()),))
    plan = Plan("P", (Item("A", estimate=Estimate.certain(2.0)),), MONDAY, calendar=office)
    assert frame_of(plan).time.is_plain
    assert _dates(plan)["A"] == ("2026-01-05", "2026-01-07")


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ({"zone": "Mars/Olympus"}, "zone 'Mars/Olympus' is not known"),
        ({"zone": "../etc/passwd"}, "is not known"),
        ({"weekdays": ()}, "no working time"),
        ({"windows": ((9.0, 8.0),)}, "9 to 8"),
        ({"windows": ((9.0, 40.0),)}, "9 to 40"),
        ({"hours": ((4, ((float("nan"), 8.0),)),)}, "nan to 8"),
        ({"hours": ((9, ()),)}, "weekday 9"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(calendar: dict[str, object], said: str) -> None:
    strange = replace(Calendar("strange"), **calendar)  # type: ignore[arg-type]
    item = Item("A", estimate=Estimate.certain(2.0), calendar="strange")
    plan = Plan("P", (item,), MONDAY, calendar=WEEKDAYS, calendars=(strange,))
    (problem, *_) = problems(plan)
    assert said in problem.sentence


@pytest.mark.parametrize("zone", ["", "Europe/Berlin"])
def test_a_plan_with_clocks_is_simulated_by_the_engine_that_knows_them(zone: str) -> None:
    """Enough trials for the compiled engine, which knows one regular calendar only."""
    office = Calendar("office", hours=((4, ((9.0, 11.0),)),), zone=zone)
    item = Item("A", estimate=Estimate(5.0, 5.0, 5.0))
    plan = Plan("P", (item,) * 1, start=MONDAY, calendar=office)
    many = replace(plan, items=tuple(replace(item, id=f"I{n}") for n in range(60)))
    futures = simulate(many, Settings(trials=10_000))
    # Friday has a quarter of a day: the fifth day of work runs into Monday.
    assert float(futures.finish.max()) == pytest.approx(5.0, abs=1e-4)
    assert str(futures.frame.time.date_of_finish(float(futures.finish[0]))) == "2026-01-12"
