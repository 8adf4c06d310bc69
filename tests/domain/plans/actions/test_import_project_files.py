"""Plans of Microsoft Project and Primavera P6 become the work of a project, by UID and activity."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.analysis.schedule.readers.project_files import link, project, shared, task
from tests.analysis.schedule.readers.test_xer import activity, before, xer
from tests.cast import AT, Cast

from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import forward
from headway.analysis.schedule.simulation import frame_of
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions import import_plan
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.plans.queries import plan_value
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.queries import program_named, programs_of
from headway.errors import Invalid

LATER = AT + timedelta(days=7)
NOTES = "<Notes>Ask Ann</Notes>"


def imported(cast: Cast, data: bytes, name: str = "plan.xml", **more: bool) -> ImportResult:
    return import_plan(cast.alice, data, name, LATER, **more)  # type: ignore[arg-type]


def test_tasks_become_items_by_their_uid(cast: Cast) -> None:
    result = imported(cast, project(task(40, NOTES), task(7, link(40, 3, 4800))))
    assert (result.read, result.created) == (2, 2)
    assert "Notes of tasks (1)" in result.notes[0]
    assert set(WorkItem.objects.values_list("key", flat=True)) == {"40", "7"}
    row = Dependency.objects.get()
    assert (row.predecessor.key, row.kind, row.lag, row.lag_unit) == ("40", "SS", 1.0, "working")


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    data = project(
        task(1, "<FixedCost>10000</FixedCost><Priority>900</Priority>"),
        task(2, "<OutlineLevel>2</OutlineLevel>", link(1)),
    )
    imported(cast, data)
    again = imported(cast, data)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


def test_a_dry_run_tells_and_writes_nothing(cast: Cast) -> None:
    result = imported(cast, project(task(1), task(2)), dry_run=True)
    assert (result.created, WorkItem.objects.count()) == (2, 0)
    assert [one.key for one in result.first] == ["1", "2"]


def test_a_broken_file_imports_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid, match="UID 9, and no task has that"):
        imported(cast, project(task(1), task(2, link(9))))
    assert not WorkItem.objects.exists()
    assert not programs_of(cast.alice)


def test_elapsed_work_keeps_its_hours_in_a_calendar_that_never_rests(cast: Cast) -> None:
    imported(cast, project(task(1, "<DurationFormat>8</DurationFormat>", hours=48)))
    row = WorkItem.objects.get()
    assert (row.estimate, row.calendar) == ([6.0, 6.0, 6.0], "Elapsed time")
    plan = plan_value(cast.alice, programs_of(cast.alice)[0])
    assert [one.name for one in plan.calendars] == ["Elapsed time"]
    run = forward(frame := frame_of(plan), most_likely(plan, frame.timings))
    first, last = float(run.starts[0][0]), float(run.finishes[0][0])
    days = frame.time.date_of_finish(last), frame.time.date_of_start(first)
    assert days[0] is not None
    assert days[1] is not None
    assert (days[0] - days[1]).days == 1


def test_a_program_takes_the_calendar_of_its_first_plan(cast: Cast) -> None:
    day = "<TimePeriod><FromDate>2026-04-03T00:00:00</FromDate><ToDate>2026-04-03T23:59:00</ToDate>"
    off = f"<Exceptions><Exception>{day}</TimePeriod></Exception></Exceptions>"
    imported(cast, project(task(1), calendar=off))
    program = programs_of(cast.alice)[0]
    calendar = plan_value(cast.alice, program).calendar
    assert calendar is not None
    assert calendar.windows == ((8.0, 12.0), (13.0, 17.0))
    assert calendar.holidays == (date(2026, 4, 3),)


def test_activities_of_p6_become_items_with_their_resources(cast: Cast) -> None:
    data = xer(
        activity("1"),
        activity("2"),
        TASKPRED=[before("1", "2")],
        RSRC=[{"rsrc_id": "5", "rsrc_name": "Digger", "rsrc_type": "RT_Labor"}],
        RSRCRATE=[
            {"rsrc_id": "5", "max_qty_per_hr": "1", "start_date": "2025-01-01 00:00"},
            {"rsrc_id": "5", "max_qty_per_hr": "3", "start_date": "2026-03-01 00:00"},
        ],
        TASKRSRC=[{"task_id": "1", "rsrc_id": "5", "target_qty_per_hr": "0.5"}],
    )
    assert imported(cast, data, "tower.xer").created == 2
    program = programs_of(cast.alice)[0]
    plan = plan_value(cast.alice, program_named(cast.alice, program.slug))
    assert {item.id.partition("/")[2]: item.needs for item in plan.items} == {
        "A1": {"Digger": 0.5},
        "A2": {},
    }
    (digger,) = resources_of(cast.alice, program)
    assert [list(step) for step in digger.steps] == [["2026-03-01", 3.0]]
    again = imported(cast, data, "tower.xer")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)


def test_a_plan_that_others_wrote_is_imported_whole(cast: Cast) -> None:
    result = imported(cast, shared("mspdi-sample.xml"))
    assert (result.read, result.created) == (16, 16)
    second = WorkItem.objects.get(key="2")  # 800 hours of two people's time, by both their clocks
    assert (second.estimate, second.calendar) == ([100.0] * 3, "Night Shift + Standard")
