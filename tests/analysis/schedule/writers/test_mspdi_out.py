"""Microsoft Project XML out: in the schema's order, dated, and read back as what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.analysis.schedule.plans import plan_of
from tests.analysis.schedule.readers.project_files import link, project, read, shared, task

from headway.analysis.schedule.plan import Estimate, Plan, Resource
from headway.analysis.schedule.readers import read_file
from headway.analysis.schedule.readers.xml_tree import Element, parse_xml
from headway.analysis.schedule.writers import write_mspdi, write_yaml

TODAY = date(2026, 1, 5)
#: The order of elements in mspdi_pj12.xsd, of those that are written.
ORDER = {
    "Project": "SaveVersion Name Title ScheduleFromStart StartDate FinishDate CurrencyDigits"
    " CurrencyCode CalendarUID DefaultStartTime DefaultFinishTime MinutesPerDay MinutesPerWeek"
    " DaysPerMonth SplitsInProgressTasks ExtendedAttributes Calendars Tasks Resources Assignments",
    "Task": "UID ID Name Type IsNull WBS OutlineNumber OutlineLevel Priority Start Finish Duration"
    " DurationFormat EffortDriven Estimated Milestone Summary Critical FreeSlack TotalSlack"
    " FixedCost FixedCostAccrual PercentComplete ActualStart ActualFinish ActualDuration"
    " RemainingDuration ConstraintType CalendarUID ConstraintDate Deadline"
    " IgnoreResourceCalendar PredecessorLink ExtendedAttribute",
    "PredecessorLink": "PredecessorUID Type CrossProject LinkLag LagFormat",
    "Calendar": "UID Name IsBaseCalendar BaseCalendarUID WeekDays Exceptions",
    "WeekDay": "DayType DayWorking WorkingTimes",
    "Exception": "EnteredByOccurrences TimePeriod Occurrences Type Period DayWorking WorkingTimes",
    "Resource": "UID ID Name Type IsNull MaxUnits StandardRate StandardRateFormat CalendarUID"
    " AvailabilityPeriods",
    "AvailabilityPeriod": "AvailableFrom AvailableTo AvailableUnits",
    "Assignment": "UID TaskUID ResourceUID Finish Start Units Work",
    "ExtendedAttribute": "FieldID FieldName Alias Value DurationFormat",
}
RICH = """\
plan: Rich
start: 2026-01-05
calendar: Office
calendars:
  Office: {hours: ["08:00-12:00", "13:00-17:00"], holidays: [2026-04-03, 2026-04-06]}
  Nights:
    weekdays: [mon, tue, wed]
    hours: {usual: ["15:00-19:00"], wed: ["10:00-12:00"]}
    extra: {2026-02-07: ["10:00-14:00"]}
resources:
  dev: {capacity: {2026-01-05: 2, 2026-03-01: 4}, rate: 95/hour}
  gpu: {capacity: 8, rate: 2.10/hour, calendar: Nights}
items:
  - {id: A, name: "Label & <check>", kind: annotation, estimate: [5, 6, 9], needs: {dev: 1.5},
     cost: 4000.50, started: 2026-01-06, done: 0.25, outline: [Data]}
  - {id: B, estimate: 3, after: [A], needs: {gpu: 4}, not_before: 2026-02-02, outline: [Data, Deep]}
  - {id: C, estimate: [1, 2, 3], distribution: uniform, after: [A SS +2, B FF -1], priority: 1000}
  - {id: D, estimate: 2, after: [B +3e, "C SF +50%"], pinned: 2026-03-02, deadline: 2026-06-30}
  - {id: E, kind: milestone, after: [D]}
  - {id: F, estimate: 4, started: 2026-01-05, finished: 2026-01-09}
  - {id: G, estimate: 8, started: 2026-01-07, done: 0.5, remaining: [4, 5, 6]}
"""


def bare(plan: Plan) -> Plan:
    """Return `plan` without lines, the name's place and the usual calendar of readers."""
    return replace(
        plan,
        items=tuple(replace(one, line=None) for one in plan.items),
        resources=tuple(replace(one, line=None) for one in plan.resources),
        calendars=tuple(one for one in plan.calendars if one.name != "weekdays"),
    )


def again(plan: Plan) -> Plan:
    return read_file(write_mspdi(plan, TODAY).data, "plan.xml").plan


def elements(root: Element) -> list[Element]:
    return [root, *(one for child in root.children for one in elements(child))]


def test_a_rich_plan_comes_back_whole() -> None:
    plan = plan_of(RICH)
    assert bare(again(plan)) == bare(plan)
    assert write_mspdi(plan, TODAY).losses == ()


def test_elements_stand_in_the_order_of_the_schema() -> None:
    for one in elements(parse_xml(write_mspdi(plan_of(RICH), TODAY).data, "plan.xml")):
        if one.tag in ORDER:
            order = ORDER[one.tag].split()
            places = [order.index(child.tag) for child in one.children]
            assert places == sorted(places), one.tag


def test_tasks_have_the_dates_of_the_plan_without_uncertainty() -> None:
    data = write_mspdi(plan_of("plan: P\nstart: 2026-01-05\nitems:\n  - {id: A, estimate: 2.5}\n"
                               "  - {id: B, estimate: 1, after: [A]}\n"), TODAY).data  # fmt: skip
    tasks = list(parse_xml(data, "p").within("Tasks", "Task"))
    dates = [(one.value("Start"), one.value("Finish")) for one in tasks[1:]]
    assert dates == [
        ("2026-01-05T09:00:00", "2026-01-07T13:00:00"),
        ("2026-01-07T13:00:00", "2026-01-08T13:00:00"),
    ]


@pytest.mark.parametrize("name", ["mspdi-sample.xml", "mspdi-task-links.xml"])
def test_files_of_others_come_back_through_every_format(name: str) -> None:
    first = read_file(shared(name), name).plan
    by_yaml = read_file(write_yaml(first).data, "plan.yaml").plan
    second = again(by_yaml)
    for key in ("id", "name", "estimate", "after", "needs", "calendar", "outline", "priority"):
        assert [getattr(one, key) for one in second.items] == [
            getattr(one, key) for one in first.items
        ], key
    assert bare(second).calendars == bare(first).calendars
    assert bare(second).resources == bare(first).resources
    assert (second.start, second.unit) == (first.start, first.unit)


@pytest.mark.parametrize("name", ["mspdi-sample.xml", "mspdi-task-links.xml"])
def test_an_unchanged_file_of_others_keeps_every_field(name: str) -> None:
    found = read_file(shared(name), name)
    written = write_mspdi(found.plan, TODAY, found.carried)
    before, after = parse_xml(shared(name), name), parse_xml(written.data, name)
    assert [(one.tag, one.text) for one in elements(after)] == [
        (one.tag, one.text) for one in elements(before)
    ]


def _written(root: Element) -> dict[str, tuple[str, str]]:
    tasks = root.within("Tasks", "Task")
    return {
        one.value("UID"): (one.value("Start"), one.value("Finish"))
        for one in tasks
        if one.value("Summary") == "0"
    }


@pytest.mark.parametrize(
    # The one that differs is counted day and night: it begins with its first day, not at eight.
    ("name", "differs"),
    [("mspdi-sample.xml", {"2"}), ("mspdi-task-links.xml", set())],
)
def test_our_dates_are_those_that_microsoft_project_wrote(name: str, differs: set[str]) -> None:
    theirs = _written(parse_xml(shared(name), name))
    plan = read_file(shared(name), name).plan
    ours = _written(parse_xml(write_mspdi(plan, TODAY).data, name))
    assert {uid for uid in theirs if ours[uid] != theirs[uid]} == differs


def test_work_pinned_before_the_plan_begins_keeps_its_hours() -> None:
    more = "items: [{id: A, estimate: 10, pinned: 2025-12-01}]\n"
    data = write_mspdi(plan_of(f"plan: P\nstart: 2026-01-05\n{more}"), TODAY).data
    (dates,) = _written(parse_xml(data, "p.xml")).values()
    assert dates == ("2025-12-01T09:00:00", "2025-12-12T17:00:00")


def test_work_under_way_ends_where_all_of_it_ends() -> None:
    more = "items: [{id: A, estimate: 10, started: 2026-01-05, done: 0.5}]\n"
    data = write_mspdi(plan_of(f"plan: P\nstart: 2026-01-05\n{more}"), TODAY).data
    (dates,) = _written(parse_xml(data, "p.xml")).values()
    assert dates == ("2026-01-05T09:00:00", "2026-01-16T17:00:00")


def test_uids_of_a_file_stay_through_yaml() -> None:
    first = read(project(task(40), task(7, link(40)), task(99))).plan
    second = again(read_file(write_yaml(first).data, "p.yaml").plan)
    assert [one.id for one in second.items] == ["40", "7", "99"]


def test_a_changed_plan_is_not_written_as_the_file_it_came_from() -> None:
    found = read(project(task(1)))
    changed = replace(found.plan, items=(replace(found.plan.items[0], name="New"),))
    assert b"<Name>New</Name>" in write_mspdi(changed, TODAY, found.carried).data


def test_a_plan_without_dates_begins_on_the_day_given() -> None:
    plan = plan_of("plan: P\ncalendar: none\nitems:\n  - {id: A, estimate: 2, not_before: 5}\n")
    written = write_mspdi(plan, date(2026, 6, 1))
    (item,) = read_file(written.data, "p.xml").plan.items
    assert item.not_before == date(2026, 6, 8)
    assert written.losses == ("The plan has no dates: it begins on 2026-06-01, Monday to Friday.",)


def test_what_has_no_place_is_named() -> None:
    more = (
        "plan: P\nstart: 2026-01-05\ntarget: 2026-06-30\nbudget: {amount: 9, currency: EUR}\n"
        "distribution: uniform\nitems:\n  - {id: A, estimate: [1, 2, 3]}\n"
        "  - {id: B, attempts: {success: 0.5, max: 3, each: 2}}\n"
        "risks: [{id: R, probability: 0.1}]\ncorrelations: [{items: [A, B], rho: 0.5}]\n"
    )
    plan = replace(plan_of(more), resources=(Resource("m", 1.0, kind="compute", skills=("x",)),))
    told = " ".join(write_mspdi(plan, TODAY).losses)
    for word in ("Risks", "Correlations", "target", "budget", "uniform", "Attempts", "Skills"):
        assert word in told


def test_names_cannot_break_out_of_the_document() -> None:
    plan = plan_of('plan: P\nstart: 2026-01-05\nitems:\n  - {id: A, name: "]]></Name><x>&amp;"}\n')
    assert again(plan).items[0].name == "]]></Name><x>&amp;"


def test_a_range_is_kept_in_the_fields_of_the_pert_analysis() -> None:
    plan = again(plan_of("plan: P\nstart: 2026-01-05\nitems: [{id: A, estimate: [1, 2.5, 9]}]\n"))
    assert plan.items[0].estimate == Estimate(1.0, 2.5, 9.0)
