"""Primavera P6 XER in: what its tables mean, and a sentence for each file that is broken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from headway.analysis.schedule.plan import (
    Estimate,
    ItemKind,
    LagUnit,
    Link,
    LinkType,
    Plan,
    Progress,
)
from headway.analysis.schedule.readers import Read, read_file
from headway.errors import Invalid

SHIFT = "(0||0(s|08:00|f|12:00)())(0||1(s|13:00|f|17:00)())"
WEEK = "".join(f"(0||{day}()({SHIFT if 1 < day < 7 else ''}))" for day in range(1, 8))
DATA = f"(0||CalendarData()((0||DaysOfWeek()({WEEK}))(0||Exceptions()((0||0(d|46023)())))))"
#: 46023 is 1 January 2026.
OFFICE = {"clndr_id": "1", "clndr_name": "Office", "default_flag": "Y", "clndr_data": DATA}
GOOD: dict[str, list[dict[str, str]]] = {
    "PROJECT": [
        {"proj_id": "1", "proj_short_name": "P", "clndr_id": "1",
         "plan_start_date": "2026-01-05 08:00", "plan_end_date": "2026-06-30 17:00"},
    ],
    "CALENDAR": [OFFICE],
    "PROJWBS": [
        {"wbs_id": "10", "proj_id": "1", "proj_node_flag": "Y", "wbs_name": "Tower"},
        {"wbs_id": "11", "proj_id": "1", "parent_wbs_id": "10", "wbs_name": "Ground"},
        {"wbs_id": "12", "proj_id": "1", "parent_wbs_id": "11", "wbs_name": "Digging"},
    ],
    "TASK": [],
    "TASKPRED": [],
}  # fmt: skip


def activity(key: str, **cells: str) -> dict[str, str]:
    usual = {
        "task_id": key, "proj_id": "1", "wbs_id": "12", "clndr_id": "1", "task_code": f"A{key}",
        "task_name": f"Task {key}", "task_type": "TT_Task", "status_code": "TK_NotStart",
        "target_drtn_hr_cnt": "16", "remain_drtn_hr_cnt": "16",
    }  # fmt: skip
    return usual | cells


def before(
    key: str, after: str, kind: str = "PR_FS", lag: str = "0", **cells: str
) -> dict[str, str]:
    usual = {"pred_task_id": key, "task_id": after, "proj_id": "1", "pred_proj_id": "1"}
    return usual | {"pred_type": kind, "lag_hr_cnt": lag} | cells


def xer(*tasks: dict[str, str], **tables: list[dict[str, str]]) -> bytes:
    lines = ["ERMHDR\t19.12\t2026-01-05\tProject\tadmin\tadmin\tdb\tProject Management\tUSD"]
    for table, rows in (GOOD | {"TASK": list(tasks)} | tables).items():
        fields = list(dict.fromkeys(field for row in rows for field in row))
        lines += [f"%T\t{table}", "\t".join(["%F", *fields])]
        lines += ["\t".join(["%R", *(row.get(field, "") for field in fields)]) for row in rows]
    return ("\r\n".join([*lines, "%E"]) + "\r\n").encode()


def read(data: bytes) -> Read:
    return read_file(data, "plan.xer")


def plan_of(*tasks: dict[str, str], **tables: list[dict[str, str]]) -> Plan:
    return read(xer(*tasks, **tables)).plan


def sentences(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read(data)
    return "\n".join(
        [str(caught.value), *(f"{p.where}: {p.sentence}" for p in caught.value.problems)]
    )


def test_activities_become_items_under_their_work_breakdown() -> None:
    plan = plan_of(activity("1"), activity("2", task_type="TT_FinMile"))
    assert (plan.name, plan.start, plan.target) == ("Tower", date(2026, 1, 5), date(2026, 6, 30))
    first, second = plan.items
    assert (first.id, first.name, first.estimate) == ("A1", "Task 1", Estimate.certain(2.0))
    assert first.outline == ("Ground", "Digging")
    assert (second.kind, second.estimate) == (ItemKind.MILESTONE, None)
    assert plan.calendar is not None
    assert plan.calendar.windows == ((8.0, 12.0), (13.0, 17.0))
    assert plan.calendar.holidays == (date(2026, 1, 1),)


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        ("PR_FS", "0", Link("A1")),
        ("PR_SS", "8", Link("A1", LinkType.SS, 1.0)),
        ("PR_FF", "-16", Link("A1", LinkType.FF, -2.0)),
        ("PR_SF", "4,5", Link("A1", LinkType.SF, 0.5625)),
    ],
)
def test_relationships_keep_type_and_lag(kind: str, lag: str, expected: Link) -> None:
    plan = plan_of(activity("1"), activity("2"), TASKPRED=[before("1", "2", kind, lag)])
    assert plan.items[1].after == (expected,)


def test_lags_by_the_clock_are_elapsed() -> None:
    options = [{"proj_id": "1", "sched_calendar_on_relationship_lag": "rcal_24Hour"}]
    links = [before("1", "2", lag="48")]
    plan = plan_of(activity("1"), activity("2"), TASKPRED=links, SCHEDOPTIONS=options)
    assert plan.items[1].after == (Link("A1", lag=2.0, unit=LagUnit.ELAPSED),)


@pytest.mark.parametrize(
    ("override", "retained", "progress"),
    [("N", "Y", Progress.RETAINED), ("Y", "N", Progress.OVERRIDE), ("N", "N", Progress.OVERRIDE)],
)
def test_what_was_begun_out_of_order_goes_on_as_the_file_says(
    override: str, retained: str, progress: Progress
) -> None:
    options = [
        {"proj_id": "1", "sched_progress_override": override, "sched_retained_logic": retained}
    ]
    assert plan_of(activity("1"), SCHEDOPTIONS=options).progress is progress


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        ("CS_MSOA", (date(2026, 2, 2), None, None)),
        ("CS_MSO", (None, date(2026, 2, 2), None)),
        ("CS_MANDSTART", (None, date(2026, 2, 2), None)),
        ("CS_MEOB", (None, None, date(2026, 2, 1))),
    ],
)
def test_constraints_become_days(kind: str, bounds: tuple[date | None, ...]) -> None:
    (item,) = plan_of(activity("1", cstr_type=kind, cstr_date="2026-02-02 08:00")).items
    assert (item.not_before, item.pinned, item.deadline) == bounds


def test_what_has_no_place_is_named() -> None:
    told = "\n".join(
        read(
            xer(
                activity("1", cstr_type="CS_MSOB", cstr_date="2026-02-02 08:00"),
                activity("2", task_type="TT_LOE"),
                activity("3", suspend_date="2026-02-02 08:00"),
                TASKPRED=[before("2", "3"), before("77", "3", pred_proj_id="9")],
                UDFVALUE=[{"udf_text": "x"}],
            )
        ).notes
    )
    for words in (
        "Start on or before is not part of a plan: A1",
        "Level of effort is left out: it only spans other work: A2",
        "Work that is suspended runs without its pause: A3",
        "Links from and to what is no work of this plan are left out: A3",
        "Tables that are not part of a plan are left out: UDFVALUE (1)",
    ):
        assert words in told


def test_progress_is_what_remains() -> None:
    first, second = plan_of(
        activity(
            "1", status_code="TK_Active", act_start_date="2026-01-05 08:00", remain_drtn_hr_cnt="4"
        ),
        activity(
            "2",
            status_code="TK_Complete",
            act_start_date="2026-01-05 08:00",
            act_end_date="2026-01-08 08:00",
            remain_drtn_hr_cnt="0",
        ),
    ).items
    assert (first.started, first.done, first.remaining) == (
        date(2026, 1, 5), 0.75, Estimate.certain(0.5),
    )  # fmt: skip
    assert (second.started, second.finished) == (date(2026, 1, 5), date(2026, 1, 7))


def test_resources_have_capacity_by_date_prices_and_costs() -> None:
    people = [
        {"rsrc_id": "5", "rsrc_name": "Digger", "rsrc_type": "RT_Equip"},
        {"rsrc_id": "6", "rsrc_name": "Sand", "rsrc_type": "RT_Mat"},
        {"rsrc_id": "7", "rsrc_name": "Nobody", "rsrc_type": "RT_Labor"},
    ]
    rates = [
        {
            "rsrc_id": "5",
            "max_qty_per_hr": "1",
            "cost_per_qty": "95.50",
            "start_date": "2025-01-01 00:00",
        },
        {
            "rsrc_id": "5",
            "max_qty_per_hr": "3",
            "cost_per_qty": "95.50",
            "start_date": "2026-03-01 00:00",
        },
    ]
    assigned = [
        {"task_id": "1", "rsrc_id": "5", "target_qty_per_hr": "0.5"},
        {"task_id": "1", "rsrc_id": "6", "target_cost": "120.25"},
    ]
    plan = plan_of(
        activity("1"),
        RSRC=people,
        RSRCRATE=rates,
        TASKRSRC=assigned,
        PROJCOST=[{"task_id": "1", "target_cost": "10"}],
    )
    (digger,) = plan.resources
    assert (digger.capacity, digger.steps) == (1.0, ((date(2026, 3, 1), 3.0),))
    assert digger.rate is not None
    assert digger.rate.amount == Decimal("95.50")
    assert plan.items[0].needs == {"Digger": 0.5}
    assert plan.items[0].cost == Decimal("130.25")


def test_a_note_with_line_breaks_and_windows_letters_are_read() -> None:
    data = xer(activity("1", task_name="Größe")).replace(
        "Größe".encode(), "Grö\nße\nx".encode("cp1252")
    )
    assert read(data).plan.items[0].name == "Grö ße x"


def test_a_night_shift_of_another_length_is_counted_in_hours() -> None:
    nights = WEEK.replace(SHIFT, "(0||0(s|22:00|f|00:00)())")
    more = {"clndr_id": "2", "clndr_name": "Nights",
            "clndr_data": f"(0||CalendarData()((0||DaysOfWeek()({nights}))))"}  # fmt: skip
    plan = plan_of(activity("1", clndr_id="2"), CALENDAR=[*GOOD["CALENDAR"], more])
    assert plan.items[0].estimate == Estimate.certain(16.0)
    assert plan.items[0].calendar == "Nights"


BROKEN = {
    "empty": b"",
    "words": b"no file of P6",
    "XML": b"<?xml version='1.0'?><Project/>",
    "only a header": b"ERMHDR\t19.12\r\n",
    "no tasks": xer(),
    "truncated in a row": xer(activity("1"), activity("2"), TASKPRED=[before("1", "2")])[:-60],
    "two projects": xer(
        activity("1"), activity("2", proj_id="2"),
        PROJECT=[*GOOD["PROJECT"], {"proj_id": "2", "proj_short_name": "Q"}],
    ),
    "rows before fields": b"ERMHDR\t1\n%T\tTASK\n%R\t1\n" + xer(activity("1"))[10:],
    "too many cells": xer(activity("1")).replace(b"%R\t1\t1\t12", b"%R" + b"\t1" * 9 + b"\t12"),
    "a task_id used twice": xer(activity("1"), activity("1", task_code="B")),
    "a task_code used twice": xer(activity("1"), activity("2", task_code="A1")),
    "no task_code": xer(activity("1", task_code="")),
    "an unknown type": xer(activity("1", task_type="TT_Party")),
    "an unknown state": xer(activity("1", status_code="TK_Maybe")),
    "active without a start": xer(activity("1", status_code="TK_Active")),
    "complete without an end": xer(
        activity("1", status_code="TK_Complete", act_start_date="2026-01-05 08:00")
    ),
    "an unknown relationship": xer(
        activity("1"), activity("2"), TASKPRED=[before("1", "2", "PR_XX")]
    ),
    "a relationship to nobody": xer(activity("1"), TASKPRED=[before("99", "1")]),
    "a lag in words": xer(activity("1"), activity("2"), TASKPRED=[before("1", "2", lag="soon")]),
    "a lag that is NaN": xer(activity("1"), activity("2"), TASKPRED=[before("1", "2", lag="NaN")]),
    "a cycle": xer(activity("1"), activity("2"), TASKPRED=[before("1", "2"), before("2", "1")]),
    "a duration in words": xer(activity("1", target_drtn_hr_cnt="two days")),
    "a negative duration": xer(activity("1", target_drtn_hr_cnt="-8")),
    "a huge duration": xer(activity("1", target_drtn_hr_cnt="1e300")),
    "a date in words": xer(activity("1", cstr_type="CS_MSO", cstr_date="soon")),
    "a day that is none": xer(activity("1", cstr_type="CS_MSO", cstr_date="2026-02-30 08:00")),
    "the year 1": xer(activity("1", cstr_type="CS_MSO", cstr_date="0001-01-01 08:00")),
    "a constraint without a day": xer(activity("1", cstr_type="CS_MSO")),
    "an unknown constraint": xer(activity("1", cstr_type="CS_NEVER", cstr_date="2026-02-02 08:00")),
    "a calendar that is not there": xer(activity("1", clndr_id="9")),
    "a calendar used twice": xer(activity("1"), CALENDAR=GOOD["CALENDAR"] * 2),
    "a shift that ends before it begins": xer(
        activity("1"),
        CALENDAR=[{**GOOD["CALENDAR"][0], "clndr_data": DATA.replace("f|12:00", "f|07:00")}],
    ),
    "an exception without a day": xer(
        activity("1"), CALENDAR=[{**OFFICE, "clndr_data": DATA.replace("d|46023", "x")}]
    ),
    "an assignment of nobody": xer(activity("1"), TASKRSRC=[{"task_id": "1", "rsrc_id": "9"}]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_sentence(name: str) -> None:
    told = sentences(BROKEN[name])
    assert told.startswith("plan.xer")
    assert told.splitlines()[0].endswith(".")


def test_parentheses_that_nest_without_end_are_no_calendar() -> None:
    deep = {**GOOD["CALENDAR"][0], "clndr_data": "(" * 5000}
    told = read(xer(activity("1"), CALENDAR=[deep])).notes
    assert "A calendar says nothing of its week; Monday to Friday, 8 to 17: Office." in told


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.analysis.schedule.readers.xer.tables.MOST_ROWS", 5)
    assert "has more than 5 rows; export less." in sentences(xer(activity("1")))
