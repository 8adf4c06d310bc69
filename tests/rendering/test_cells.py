"""Claims about cells that leave Headway: text stays text, numbers stay numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rendering.report.sample import paged

from headway.rendering.cells import csv_text, disarmed, is_live
from headway.rendering.report import as_xlsx
from headway.rendering.report.blocks import Sheet

LIVE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org","x")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "-A1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0dA1",
    "\uff20SUM(1)",
    "\ufe661+1",
    "=",
]
PLAIN = [
    *("", "Train", "a=b", "3-5 days", "-3", "-3.5", "+12", "-1,204.50", "-12 %", "-2 working days"),
    *("-1e5", "-", "\u2212 3", "https://example.org", "'quoted'", "Größe", "2026-11-23"),
]


@pytest.mark.parametrize("text", LIVE[:-1])
def test_what_a_spreadsheet_would_compute_is_disarmed(text: str) -> None:
    assert is_live(text)
    assert disarmed(text).startswith("'")


@pytest.mark.parametrize("text", [*PLAIN, LIVE[-1]])
def test_what_it_would_not_is_left_as_it_is(text: str) -> None:
    assert not is_live(text)
    assert disarmed(text) == text


@given(st.text(max_size=12))
def test_no_cell_of_any_text_begins_a_formula_or_holds_what_hides_one(text: str) -> None:
    cell = disarmed(text)
    assert "\0" not in cell
    assert "\r" not in cell
    assert not is_live(cell) or cell.startswith("'")
    assert disarmed(cell) == cell


def test_a_csv_keeps_its_numbers_and_disarms_its_texts() -> None:
    written = csv_text([("line", "reason"), (3, "=1+1"), (-4, "-5"), (2.5, "a,b"), ("", "\0@x")])
    rows = list(csv.reader(io.StringIO(written)))
    assert rows[1:] == [["3", "'=1+1"], ["-4", "-5"], ["2.5", "a,b"], ["", "'@x"]]


def test_our_workbooks_store_every_such_text_as_a_text() -> None:
    rows = tuple((text, -3.5, date(2026, 11, 23)) for text in (*LIVE, *PLAIN))
    sheet = Sheet("Live", ("Text", "Number", "Day"), rows, "10 10 10")
    page = replace(paged(), sheets=(sheet,))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(page)))
    for text, number, day in book["Live"].iter_rows(min_row=2):
        assert text.data_type == "s" or text.value is None
        assert (number.data_type, number.value) == ("n", -3.5)
        assert day.is_date
        if text.value is not None and is_live(str(text.value)):
            assert text.quotePrefix
