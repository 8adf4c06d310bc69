"""A table as a file: the same cells in both kinds, nothing that computes, nothing that bursts."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from openpyxl import load_workbook

from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.tables import given_table, kept_table, sent_table

ROWS = (("Key", "Amount", "Note"), ("a", Decimal("1.50"), None), ("b", 2, "=1+1"))
ASKED = SimpleNamespace(at=None, now=datetime(2026, 11, 23, tzinfo=UTC))


def sent(values: dict[str, object], most: int = 100) -> tuple[str, bytes]:
    return sent_table(RequestFactory().post("/", values), most)


def test_csv_and_workbook_hold_the_same_cells_and_no_formula() -> None:
    told = given_table(ASKED, "lines", "csv", ROWS)
    assert told.content.decode().split() == ["Key,Amount,Note", "a,1.50,", "b,2,'=1+1"]
    book = load_workbook(BytesIO(given_table(ASKED, "lines", "xlsx", ROWS).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[:2] == [["Key", "Amount", "Note"], ["a", 1.5, None]]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_another_ending_is_not_there_and_what_is_given_is_not_stored() -> None:
    assert given_table(ASKED, "lines", "csv", ROWS)["Cache-Control"] == "private, no-store"
    with pytest.raises(NotFound, match="csv or xlsx"):
        given_table(ASKED, "lines", "ods", ROWS)


def test_what_was_previewed_arrives_as_it_was() -> None:
    data = b"Key,Amount\na,1\n"
    assert sent({"file": SimpleUploadedFile("l.csv", data)}) == ("l.csv", data)
    assert sent({"kept": kept_table(data), "name": "l.csv"}) == ("l.csv", data)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "No file was chosen"),
        ({"file": SimpleUploadedFile("l.csv", b"x" * 101)}, "101 bytes; at most 100"),
        ({"kept": "x"}, "did not arrive whole"),
        ({"kept": base64.b64encode(zlib.compress(b"x" * 101)).decode()}, "did not arrive whole"),
        ({"kept": base64.b64encode(b"no such packing").decode()}, "did not arrive whole"),
    ],
)
def test_what_is_no_file_or_more_than_a_file_is_refused(
    values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        sent(values)
