"""Claims about foreign tables: what is understood of them, in any language and any order."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.tables.tables import (
    JIRA_DE,
    JIRA_EN,
    JIRA_OTHER,
    plan_workbook,
    workbook,
)

from headway.connectors.tables import (
    Field,
    Mapping,
    propose_mapping,
    read_grid,
    read_mapping,
    rows_of,
)
from headway.connectors.tables.dates import day_in, order_in
from headway.connectors.tables.numbers import length_in
from headway.connectors.tables.text import lines_of, separator_of
from headway.connectors.work import Link, Progress, Unit, WorkRead, WorkRow
from headway.errors import Invalid


def read(data: bytes, name: str = "export.csv") -> WorkRead:
    grid = read_grid(data, name)
    return rows_of(grid, propose_mapping(grid)[0])


def row(found: WorkRead, key: str) -> WorkRow:
    return next(one for one in found.rows if one.key == key)


def test_an_english_jira_export_is_understood_without_a_question() -> None:
    found = read(JIRA_EN.encode())
    assert not found.skipped
    done, labelled, trained = (row(found, f"MLP-{number}") for number in (2, 3, 4))
    assert (done.progress, done.estimate, done.unit) == (Progress.FINISHED, 5.0, Unit.DAYS)
    assert done.finished_at is not None
    assert done.finished_at.date() == date(2026, 3, 9)
    assert labelled.progress is Progress.STARTED
    assert [link.other for link in labelled.links] == ["MLP-2"]
    assert (trained.estimate, trained.unit) == (5.0, Unit.POINTS)
    assert trained.parent == "MLP-1"
    assert row(found, "MLP-5").due == date(2026, 4, 30)


def test_a_link_that_only_relates_orders_no_work() -> None:
    assert all(
        "MLP-5" not in [link.other for link in one.links] for one in read(JIRA_EN.encode()).rows
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_german_export_reads_alike_in_every_encoding(encoding: str) -> None:
    found = read(JIRA_DE.encode(encoding))
    assert [one.name for one in found.rows] == [
        "Daten sammeln",
        "Bilder annotieren",
        "Modell trainieren",
    ]
    assert row(found, "MLP-3").due == date(2026, 3, 27)
    assert row(found, "MLP-4").due == date(2026, 12, 30)
    assert row(found, "MLP-2").progress is Progress.FINISHED


def test_a_language_we_have_no_words_for_is_read_by_what_its_cells_hold() -> None:
    found = read(JIRA_OTHER.encode())
    assert [one.key for one in found.rows] == ["MLP-2", "MLP-3", "MLP-4"]
    assert row(found, "MLP-2").name.startswith("Kerää")
    assert row(found, "MLP-3").progress is Progress.STARTED
    assert row(found, "MLP-4").due == date(2026, 5, 29)


def test_a_workbook_with_a_title_and_merged_headings_is_read_below_them() -> None:
    found = read(plan_workbook(), "plan.xlsx")
    first = row(found, "1")
    assert (first.low, first.estimate, first.high) == (1.0, 2.0, 4.0)
    assert (row(found, "3").estimate, row(found, "3").high) == (8.0, None)
    link = row(found, "3").links[0]
    assert (link.other, link.kind, link.lag_days) == ("2", "FS", 2.0)
    assert row(found, "4").due == date(2026, 5, 29)
    assert [one.where for one in found.skipped] == ["line 10"]


@pytest.mark.parametrize(
    ("cells", "order", "cell", "day"),
    [
        (["25/12/2026", "03/04/2026"], "dmy", "03/04/2026", date(2026, 4, 3)),
        (["12/25/2026", "03/04/2026"], "mdy", "03/04/2026", date(2026, 3, 4)),
        (["2026-04-03"], "", "2026-04-03T09:00:00+02:00", date(2026, 4, 3)),
        ([], "dmy", "3.4.26", date(2026, 4, 3)),
        ([], "ymd", "12/Mär/26 3:04", date(2026, 3, 12)),
        ([], "ymd", "March 12, 2026", date(2026, 3, 12)),
        ([], "ymd", "12 mars 2026", date(2026, 3, 12)),
        ([], "ymd", "2026年3月12日", date(2026, 3, 12)),
        ([], "ymd", "46093", date(2026, 3, 12)),
        ([], "ymd", "20260312", date(2026, 3, 12)),
        ([], "dmy", "31/02/2026", None),
        ([], "ymd", "soon", None),
        ([], "ymd", "12/03/0026", None),
    ],
)
def test_days_in_every_common_order(
    cells: list[str], order: str, cell: str, day: date | None
) -> None:
    if cells:
        assert order_in(cells) == order
    assert day_in(cell, order or "ymd") == day


@given(
    st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    st.sampled_from([("ymd", "%Y-%m-%d"), ("dmy", "%d.%m.%Y"), ("mdy", "%m/%d/%Y")]),
)
def test_a_day_written_in_an_order_is_read_back_in_it(day: date, way: tuple[str, str]) -> None:
    assert day_in(day.strftime(way[1]), way[0]) == day


@pytest.mark.parametrize(
    ("cell", "unit", "days"),
    [
        ("3", "days", 3.0),
        ("1,5", "days", 1.5),
        ("1.234,5", "days", 1234.5),
        ("2w 3d", "days", 13.0),
        ("4 Std.", "days", 0.5),
        ("5 Tage?", "days", 5.0),
        ("16", "hours", 2.0),
        ("28800", "seconds", 1.0),
        ("-2d", "days", -2.0),
        ("later", "days", None),
        ("NaN", "days", None),
        ("1e999", "days", None),
        ("", "days", None),
    ],
)
def test_lengths_as_people_write_them(cell: str, unit: str, days: float | None) -> None:
    assert length_in(cell, unit, comma="," in cell) == days


def test_a_negative_or_impossible_length_is_named_and_the_item_stands() -> None:
    found = read(b"Task,Duration,Due\nTrain,-3,2026-05-01\nShip,99999999,2026-06-01\n")
    assert [one.estimate for one in found.rows] == [None, None]
    assert [one.faults[0].where for one in found.rows] == ["line 2", "line 3"]
    assert "negative" in found.rows[0].faults[0].sentence


def test_a_key_that_comes_twice_is_kept_once_and_the_other_line_named() -> None:
    found = read(b"Key,Summary\nA-1,Train\nA-2,Ship\nA-1,Train again\n")
    assert [one.name for one in found.rows] == ["Train", "Ship"]
    assert found.skipped[0].where == "line 4"
    assert "line 2" in found.skipped[0].sentence


def test_a_cell_over_several_lines_does_not_shift_the_line_numbers() -> None:
    found = read(b'Key,Summary\nA-1,"Train\nthe model"\n,\nA-2,\n')
    assert [one.where for one in found.rows] == ["line 2"]
    assert found.rows[0].name == "Train the model"
    assert [one.where for one in found.skipped] == ["line 5"]


def test_an_address_is_never_kept_as_a_person() -> None:
    found = read(b"Task,Owner\nTrain,ada@example.com\nShip,Bo\n")
    assert [one.assignee for one in found.rows] == ["", "Bo"]


def test_outline_levels_become_parents() -> None:
    found = read(b"ID,Name,Outline Level\n1,Phase,1\n2,Label,2\n3,Train,2\n4,Ship,1\n")
    assert [one.parent for one in found.rows] == ["", "1", "1", ""]


def test_dates_that_two_orders_fit_are_said_to_be_assumed() -> None:
    grid = read_grid(b"Task,Due\nTrain,03/04/2026\nShip,05/06/2026\n", "x.csv")
    mapping, notes = propose_mapping(grid)
    assert mapping.order == "dmy"
    assert any("two orders" in note for note in notes)


def test_a_mapping_survives_json_and_names_what_is_wrong_in_it() -> None:
    mapping = Mapping({Field.NAME: ("Task",)}, "mdy", "hours", True, {"QA": Progress.STARTED})
    assert read_mapping(mapping.as_json()) == mapping
    with pytest.raises(Invalid) as caught:
        read_mapping({"columns": {"nam": "Task"}, "unit": "moons", "words": {"QA": "maybe"}})
    assert {one.where for one in caught.value.problems} >= {"columns.nam", "unit", "words.QA"}


def test_a_mapping_of_a_column_that_is_not_there_is_refused_by_name() -> None:
    grid = read_grid(b"Task,Due\nTrain,2026-05-01\n", "x.csv")
    with pytest.raises(Invalid, match="'Gone', which the table does not have"):
        rows_of(grid, Mapping({Field.NAME: ("Gone",)}))


def test_the_fullest_sheet_is_taken_and_said() -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(plan_workbook()))
    book.create_sheet("Notes", 0)["A1"] = "see the plan"
    held = io.BytesIO()
    book.save(held)
    grid = read_grid(held.getvalue(), "plan.xlsx")
    assert grid.sheet == "Plan"
    assert "Sheet 'Plan' was read, of 2." in grid.notes
    with pytest.raises(Invalid, match="no sheet 'Gone'"):
        read_grid(held.getvalue(), "plan.xlsx", sheet="Gone")


def test_a_formula_is_read_as_text_and_never_computed() -> None:
    found = read(workbook([("Task", "Days"), ("=1+1 cmd", 3), ("Train", 2)]), "x.xlsx")
    assert all(one.name != "2" for one in found.rows)


@pytest.mark.parametrize("order", [1, -1])
def test_a_wait_for_a_key_with_a_number_is_no_lead_wherever_that_row_stands(order: int) -> None:
    rows = ["A-1,Train,", "A-2,Ship,A-1"][::order]
    table = "Key,Summary,Predecessors\n" + "\n".join(rows)
    links = {row.key: row.links for row in read(table.encode()).rows}
    assert links == {"A-1": (), "A-2": (Link("A-1"),)}


def test_a_wait_for_an_issue_of_another_project_keeps_its_name() -> None:
    found = read(b"Key,Summary,Predecessors\nA-1,Train,OPS-7\n")
    assert row(found, "A-1").links == (Link("OPS-7"),)


def test_a_first_heading_that_begins_like_a_separator_mark_is_a_heading() -> None:
    for heading in ("S", "", "Se"):
        grid = read_grid(f"{heading},Summary,Due date\n1,Train,2026-05-01\n".encode(), "x.csv")
        assert grid.header[1:] == ("Summary", "Due date")
        assert len(grid.rows) == 1


@given(st.text(alphabet='a,"\n\r ;é\u00a0', max_size=40))
def test_rows_have_the_lines_they_begin_on_however_they_are_cut(text: str) -> None:
    told = "k,n\n" + text
    if separator_of(told) != ",":
        return
    reader = csv.reader(io.StringIO(told, newline=""), strict=True)
    begins, wanted = 1, []
    try:
        for row in reader:
            wanted.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error:
        with pytest.raises(Invalid, match=f"line {begins} "):
            lines_of(told, "x.csv", 99)
    else:
        assert lines_of(told, "x.csv", 99) == wanted


def test_a_length_said_as_a_range_is_one() -> None:
    found = read(b"Task,Duration\nCharter,2-3days\nKick-off,1 day\nPilot,2 to 4 weeks\nScope,5-3\n")
    assert [(one.low, one.estimate, one.high) for one in found.rows] == [
        (2.0, 2.5, 3.0),
        (None, 1.0, None),
        (10.0, 15.0, 20.0),
        (None, None, None),
    ]
    assert "'5-3'" in found.rows[3].faults[0].sentence


def test_ends_of_their_own_columns_come_before_a_range_in_a_cell() -> None:
    found = read(b"Task,Duration,Best case,Worst case\nCharter,2-3 days,1,9\n")
    assert (found.rows[0].low, found.rows[0].high) == (1.0, 9.0)


def test_a_link_in_small_letters_is_a_link_when_it_names_an_item() -> None:
    found = read(
        b"ID,Task,Duration,Predecessors\n1,Blow glass,2,\n2,Cut it,3,1fs+2d\n3,Sell,1,glass\n"
    )
    assert row(found, "2").links == (Link("1", "FS", 2.0),)
    assert row(found, "3").links == (Link("glass"),)  # not "gla", from its start on


WEEKS = b"""\
ID,Task,Duration,Start date,End date
1,   Design,6,2023-01-02,2023-02-13
2,   Build,5,2023-02-20,2023-03-27
3,   Serve,3,2023-03-29,2023-04-19
4,   Test,3,2023-04-26,2023-05-17
5,   Ship,3,2023-05-17,2023-06-07
"""


def test_dates_prove_that_a_plain_number_counts_weeks() -> None:
    grid = read_grid(WEEKS, "plan.csv")
    mapping, notes = propose_mapping(grid)
    assert mapping.unit == "weeks"
    assert any("read as weeks" in note for note in notes)
    assert row(rows_of(grid, mapping), "1").estimate == 30.0


def test_too_few_or_other_dates_prove_nothing() -> None:
    few = b"\n".join(WEEKS.splitlines()[:4])
    assert propose_mapping(read_grid(few, "plan.csv"))[0].unit == "days"
    days = WEEKS.replace(b",6,", b",30,").replace(b",5,", b",25,").replace(b",3,", b",15,")
    assert propose_mapping(read_grid(days, "plan.csv"))[0].unit == "days"


def test_indented_names_are_an_outline() -> None:
    plan = (
        b"ID,Task,Duration\n1,Network,16\n2,   Design,6\n3,   Build,10\n"
        b"4,Relay,8\n5,   Set-up,8\n6,      Rack,3\n7,Close,1\n"
    )
    found = read(plan)
    assert {one.key: one.parent for one in found.rows} == {
        "1": "", "2": "1", "3": "1", "4": "", "5": "4", "6": "5", "7": "",
    }  # fmt: skip


def test_one_space_after_a_comma_is_no_outline() -> None:
    found = read(b"ID, Task, Duration\n1, Network, 16\n2, Design, 6\n")
    assert {one.parent for one in found.rows} == {""}


def test_a_parents_column_comes_before_the_outline() -> None:
    found = read(b"ID,Task,Duration,Parent\n1,Network,16,\n2,   Design,6,3\n3,Other,2,\n")
    assert row(found, "2").parent == "3"


def test_a_row_named_milestone_without_a_length_is_one() -> None:
    found = read(
        b"Task,Duration\nMilestone 1: scope approved,\nBuild,3\nMilestone review meeting,2\n"
    )
    assert [one.is_milestone for one in found.rows] == [True, False, False]


def test_a_heading_that_stands_alone_is_no_item_and_is_listed() -> None:
    found = read(
        b"Task,Owner,Duration\nPhase 1: scope,,\nCharter,Ada,2\nPhase out the old model,Bo,3\n"
        b"Phase-in,,\nStage rollout of the pilot,,4\n"
    )
    assert [one.name for one in found.rows] == [
        "Charter",
        "Phase out the old model",
        "Stage rollout of the pilot",
    ]
    assert "'Phase 1: scope' stands alone on its line" in found.skipped[0].sentence
