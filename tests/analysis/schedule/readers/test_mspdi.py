"""Microsoft Project XML in: what each field of it means, and what is told when it is lost."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from tests.analysis.schedule.readers.project_files import link, project, read, shared, task

from headway.analysis.schedule.plan import Estimate, Item, ItemKind, LagUnit, Link, LinkType, Unit


def item(*fields: str, hours: float = 8, **more: str) -> Item:
    """Return the one item of a file."""
    (found,) = read(project(task(1, *fields, hours=hours), **more)).plan.items
    return found


def notes(*tasks: str, **more: str) -> str:
    return "\n".join(read(project(*tasks, **more)).notes)


def test_the_sample_of_others_holds_what_it_says() -> None:
    found = read(shared("mspdi-sample.xml"))
    plan = found.plan
    assert (plan.start, len(plan.items)) == (date(2003, 1, 7), 16)  # 19 tasks, 3 are summaries
    assert {one.outline for one in plan.items} == {
        ("First Task",),
        ("Recurring Task",),
        ("Task Relationships",),
    }
    assert [one.id for one in plan.items if one.kind is ItemKind.MILESTONE] == ["3"]
    links = [each for one in plan.items for each in one.after]
    types = Counter(each.type.value for each in links)
    assert types == {"FS": 3, "SS": 1, "FF": 1, "SF": 1}
    assert sorted(each.lag for each in links if each.lag) == [-8.0, 8.0]
    assert plan.items[0].needs == {"First Resource": 0.5, "Second Resource": 0.75}


def test_work_of_a_day_and_a_night_shift_runs_in_both() -> None:
    plan = read(shared("mspdi-sample.xml")).plan
    shifts = next(one for one in plan.calendars if one.name == plan.items[0].calendar)
    assert plan.unit is Unit.HOURS
    assert plan.items[0].estimate == Estimate.certain(800.0)
    assert shifts.hours_per_day == 16.0  # 50 days, as the file ends on 18 March


def test_the_links_of_others_keep_types_and_lags() -> None:
    plan = read(shared("mspdi-task-links.xml")).plan
    found = {one.id: one.after[0] for one in plan.items if one.after}
    assert found == {
        "2": Link("1"),
        "4": Link("3", lag=1.0),
        "6": Link("5", lag=2.0),
        "8": Link("7", lag=5.0),  # one week of five days
        "10": Link("9", lag=10.0),
        "12": Link("11", LinkType.SF, 2.0),
        "14": Link("13", LinkType.SS, 2.0),
        "16": Link("15", LinkType.FF, 2.0),
    }


@pytest.mark.parametrize(
    ("lag", "format_", "expected"),
    [
        (4800, 7, (1.0, LagUnit.WORKING)),
        (4800, 39, (1.0, LagUnit.WORKING)),  # estimated
        (-2400, 5, (-0.5, LagUnit.WORKING)),
        (14400, 8, (1.0, LagUnit.ELAPSED)),
        (600, 6, (1 / 24, LagUnit.ELAPSED)),
        (50, 19, (50.0, LagUnit.PERCENT)),
        (-25, 20, (-25.0, LagUnit.PERCENT)),
    ],
)
def test_a_lag_is_working_elapsed_or_percent(
    lag: int, format_: int, expected: tuple[float, LagUnit]
) -> None:
    plan = read(project(task(1), task(2, link(1, 1, lag, format_)))).plan
    (found,) = plan.items[1].after
    assert (found.lag, found.unit) == expected


@pytest.mark.parametrize(
    ("fields", "bounds"),
    [
        ("<ConstraintType>4</ConstraintType><ConstraintDate>2026-02-02T08:00:00</ConstraintDate>",
         (date(2026, 2, 2), None, None)),
        ("<ConstraintType>2</ConstraintType><ConstraintDate>2026-02-02T08:00:00</ConstraintDate>",
         (None, date(2026, 2, 2), None)),
        ("<ConstraintType>7</ConstraintType><ConstraintDate>2026-02-02T17:00:00</ConstraintDate>",
         (None, None, date(2026, 2, 2))),
        ("<Deadline>2026-02-06T17:00:00</Deadline>", (None, None, date(2026, 2, 6))),
        ("<ConstraintType>4</ConstraintType><ConstraintDate>2026-02-02T17:00:00</ConstraintDate>",
         (date(2026, 2, 3), None, None)),
        ("<Manual>1</Manual><Start>2026-02-02T08:00:00</Start>", (None, date(2026, 2, 2), None)),
    ],
)  # fmt: skip
def test_constraints_become_days(fields: str, bounds: tuple[date | None, ...]) -> None:
    found = item(fields)
    assert (found.not_before, found.pinned, found.deadline) == bounds


@pytest.mark.parametrize(
    ("kind", "told"), [(1, "As late as possible"), (5, "Start no later"), (6, "Finish no earlier")]
)
def test_constraints_that_a_plan_cannot_hold_are_named(kind: int, told: str) -> None:
    fields = f"<ConstraintType>{kind}</ConstraintType>"
    at = "<ConstraintDate>2026-02-02T08:00:00</ConstraintDate>"
    assert told in notes(task(1, fields, at))


def test_what_is_done_is_a_share_of_the_range() -> None:
    found = item(
        "<PercentComplete>25</PercentComplete><ActualStart>2026-01-06T08:00:00</ActualStart>"
        "<RemainingDuration>PT6H0M0S</RemainingDuration>"
    )
    assert (found.started, found.done, found.remaining) == (date(2026, 1, 6), 0.25, None)


def test_what_remains_wins_over_a_share_that_says_otherwise() -> None:
    found = item(
        "<PercentComplete>25</PercentComplete><ActualStart>2026-01-06T08:00:00</ActualStart>"
        "<RemainingDuration>PT16H0M0S</RemainingDuration>"
    )
    assert found.remaining == Estimate.certain(2.0)


def test_a_finish_before_work_begins_is_the_evening_before() -> None:
    found = item(
        "<PercentComplete>100</PercentComplete><ActualStart>2026-01-06T08:00:00</ActualStart>"
        "<ActualFinish>2026-01-08T08:00:00</ActualFinish>"
    )
    assert (found.started, found.finished) == (date(2026, 1, 6), date(2026, 1, 7))


def test_summaries_become_the_outline_and_bind_their_work() -> None:
    found = read(
        project(
            task(
                1,
                "<OutlineLevel>1</OutlineLevel><Summary>1</Summary>"
                "<ConstraintType>4</ConstraintType>"
                "<ConstraintDate>2026-02-02T08:00:00</ConstraintDate>"
                "<Deadline>2026-03-02T17:00:00</Deadline>",
            ),
            task(2, "<OutlineLevel>2</OutlineLevel>"),
            task(3, "<OutlineLevel>1</OutlineLevel>"),
        )
    ).plan.items
    assert [one.outline for one in found] == [("T1",), ()]
    assert (found[0].not_before, found[0].deadline) == (date(2026, 2, 2), date(2026, 3, 2))


def test_what_waits_for_a_summary_waits_for_all_of_its_work() -> None:
    inner = "<OutlineLevel>2</OutlineLevel>"
    found = read(project(task(1), task(2, inner), task(3, inner), task(4, link(1)))).plan.items
    assert [each.predecessor for each in found[-1].after] == ["2", "3"]


def test_a_start_to_start_from_a_summary_is_named() -> None:
    inner = "<OutlineLevel>2</OutlineLevel>"
    told = notes(task(1), task(2, inner), task(3, link(1, 3)))
    assert "Links at an end of a summary that none of its work has are left out: 1" in told


def test_rows_that_are_no_work_are_named() -> None:
    rows = (
        "<Task><UID>7</UID><IsNull>1</IsNull></Task>",
        task(8, "<Active>0</Active>"),
        task(9, "<ExternalTask>1</ExternalTask>"),
        task(1, link(8)),
    )
    told = notes(*rows)
    assert "Rows without a task are left out: 7" in told
    assert "Inactive tasks are left out, and what waits for them does not wait: 8 T8" in told
    assert "Tasks of other projects are left out" in told
    assert "Links from tasks that are no work of this plan are left out: 1" in told


def test_unknown_fields_are_named_and_not_dropped() -> None:
    told = notes(task(1, "<Notes>hold</Notes><FromTheFuture>7</FromTheFuture>"))
    assert "Notes of tasks (1), FromTheFuture of tasks (1)" in told


def test_an_elapsed_duration_runs_day_and_night() -> None:
    plan = read(project(task(1, "<DurationFormat>8</DurationFormat>", hours=48))).plan
    (found,) = plan.items
    assert plan.unit is Unit.HOURS
    assert found.estimate == Estimate.certain(48.0)
    assert next(one for one in plan.calendars if one.name == found.calendar).hours_per_day == 24.0


def test_own_fields_hold_a_range() -> None:
    fields = "".join(
        f"<ExtendedAttribute><FieldID>{n}</FieldID><FieldName>Duration{n}</FieldName>"
        f"<Alias>{alias}</Alias></ExtendedAttribute>"
        for n, alias in enumerate(("Optimistic", "Most likely", "Pessimistic"), 1)
    )
    values = "".join(
        f"<ExtendedAttribute><FieldID>{n}</FieldID><Value>{value}</Value></ExtendedAttribute>"
        for n, value in enumerate(("PT8H0M0S", "PT16H0M0S", "5"), 1)
    )
    assert item(values, fields=fields).estimate == Estimate(1.0, 2.0, 5.0)


def test_costs_are_in_hundredths_and_rates_are_not() -> None:
    person = (
        "<Resource><UID>1</UID><Name>Ann</Name><Type>1</Type><MaxUnits>2</MaxUnits>"
        "<StandardRate>95.5</StandardRate></Resource>"
    )
    paper = "<Resource><UID>2</UID><Name>Paper</Name><Type>0</Type></Resource>"
    assigned = "".join(
        f"<Assignment><UID>{n}</UID><TaskUID>1</TaskUID><ResourceUID>{n}</ResourceUID>"
        "<Units>0.5</Units><Cost>1250</Cost></Assignment>"
        for n in (1, 2)
    )
    found = read(
        project(
            task(1, "<FixedCost>10000</FixedCost>"), resources=person + paper, assignments=assigned
        )
    )
    (only,) = found.plan.items
    assert only.cost == Decimal("112.5")  # fixed 100.00 and paper for 12.50
    assert only.needs == {"Ann": 0.5}
    (ann,) = found.plan.resources
    assert (ann.capacity, ann.rate and ann.rate.amount) == (2.0, Decimal("95.5"))


def test_availability_becomes_steps_with_gaps() -> None:
    periods = "".join(
        f"<AvailabilityPeriod><AvailableFrom>{begin}T00:00:00</AvailableFrom>"
        f"<AvailableTo>{end}T23:59:00</AvailableTo><AvailableUnits>{units}</AvailableUnits>"
        "</AvailabilityPeriod>"
        for begin, end, units in (("1984-01-01", "2026-01-31", 1), ("2026-03-01", "2049-12-31", 3))
    )
    person = (
        "<Resource><UID>1</UID><Name>Ann</Name>"
        f"<AvailabilityPeriods>{periods}</AvailabilityPeriods></Resource>"
    )
    (ann,) = read(project(task(1), resources=person)).plan.resources
    assert ann.capacity == 1.0
    assert ann.steps == ((date(2026, 2, 1), 0.0), (date(2026, 3, 1), 3.0))


def _exception(body: str, begin: str = "2026-01-01", end: str = "2026-12-31") -> str:
    return (
        "<Exceptions><Exception><TimePeriod>"
        f"<FromDate>{begin}T00:00:00</FromDate><ToDate>{end}T23:59:00</ToDate></TimePeriod>"
        f"{body}<DayWorking>0</DayWorking></Exception></Exceptions>"
    )


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("<Type>2</Type><Month>4</Month><MonthDay>1</MonthDay>", [date(2026, 5, 1)]),
        ("<Type>3</Type><MonthItem>4</MonthItem><MonthPosition>4</MonthPosition><Month>4</Month>",
         [date(2026, 5, 25)]),  # the last Monday of May
        ("<Type>4</Type><Period>6</Period><MonthDay>31</MonthDay>",
         [date(2026, 1, 31), date(2026, 7, 31)]),
        ("<Type>5</Type><Period>6</Period><MonthItem>5</MonthItem><MonthPosition>1</MonthPosition>",
         [date(2026, 1, 13), date(2026, 7, 14)]),  # the second Tuesday
        ("<EnteredByOccurrences>1</EnteredByOccurrences><Occurrences>2</Occurrences><Type>6</Type>"
         "<Period>2</Period><DaysOfWeek>32</DaysOfWeek>", [date(2026, 1, 2), date(2026, 1, 16)]),
        ("<EnteredByOccurrences>1</EnteredByOccurrences><Occurrences>2</Occurrences><Type>7</Type>"
         "<Period>3</Period>", [date(2026, 1, 1), date(2026, 1, 4)]),
    ],
)  # fmt: skip
def test_exceptions_that_recur_become_days(body: str, days: list[date]) -> None:
    head = "<StartDate>2026-01-05T08:00:00</StartDate>"
    plan = read(project(task(1), calendar=_exception(body), head=head)).plan
    assert plan.calendar is not None
    assert list(plan.calendar.holidays) == days


def test_a_derived_calendar_lies_over_its_base() -> None:
    derived = (
        "<Calendar><UID>2</UID><Name>Fridays off</Name><BaseCalendarUID>1</BaseCalendarUID>"
        "<WeekDays><WeekDay><DayType>6</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays>"
        f"{_exception('<Type>1</Type>', '2026-02-02', '2026-02-03')}</Calendar>"
    )
    plan = read(project(task(1, "<CalendarUID>2</CalendarUID>"), calendars=derived)).plan
    found = next(one for one in plan.calendars if one.name == "Fridays off")
    assert plan.items[0].calendar == "Fridays off"
    assert found.weekdays == (0, 1, 2, 3)
    assert found.holidays == (date(2026, 2, 2), date(2026, 2, 3))


def test_split_work_is_named() -> None:
    days = "".join(
        f"<TimephasedData><Type>1</Type><Start>2026-01-{day:02d}T08:00:00</Start>"
        f"<Finish>2026-01-{day:02d}T17:00:00</Finish><Unit>2</Unit><Value>PT{hours}H0M0S</Value>"
        "</TimephasedData>"
        for day, hours in ((5, 8), (6, 0), (7, 8))
    )
    assigned = (
        "<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>-65535</ResourceUID>"
        f"{days}</Assignment>"
    )
    assert "Work that is split runs without its pauses: 1 T1" in notes(
        task(1), assignments=assigned
    )
