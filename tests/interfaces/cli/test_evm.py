"""`headway evm` as people and pipelines call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

Said = Callable[..., Any]

TABLE = """date,pv,ev,ac
2026-09-30,100,80,110
2026-10-31,250,200,260
2026-11-30,600,,
"""


def test_the_document_is_that_of_the_published_schema(answered: Said, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text(TABLE)
    asked = ("evm", str(path), "--start", "2026-09-01", "--planned-finish", "2026-11-30")
    document = answered(*asked, schema="evm")
    last = document["rows"][-1]
    assert (document["bac"], last["ev"], last["cv"]) == ("600.00", "200.00", "-60.00")
    assert last["finish"]["spi_t"] == "2026-12-19"


def test_people_read_the_last_date_first_and_why_some_measures_are_missing(
    asked: Said, tmp_path: Path
) -> None:
    path = tmp_path / "status.csv"
    path.write_text(TABLE)
    code, out, err = asked(f"evm {path} --bac 700")
    assert code == 0
    assert out.startswith("2026-10-31: CPI 0.769, SPI(t) n/a; costs 910.00 at this CPI")
    assert "Note: ES and SPI(t): the planned curve and the start are not known." in err


def test_what_a_spreadsheet_saves_is_read_with_its_lines(asked: Said, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_bytes(("sep=;\n" + TABLE.replace(",", ";")).encode("utf-16"))
    assert asked(f"evm {path} --bac 700")[:2] == asked_of(asked, tmp_path, TABLE)
    path.write_text("sep=;\n" + TABLE.replace(",", ";").replace("260", "2,6"))
    code, _, err = asked(f"evm {path}")
    assert (code, "line 4: ac is '2,6'; write a plain amount" in err) == (2, True)


def test_a_workbook_is_read_as_its_table_would_be(asked: Said, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "status.xlsx")
    sheet = book.add_worksheet("Status")
    for row, line in enumerate(TABLE.splitlines(), start=2):
        for column, cell in enumerate(line.split(",")):
            sheet.write(row, column, float(cell) if cell.isdigit() else cell)
    book.add_worksheet("Notes")
    book.close()
    code, out, err = asked(f"evm {tmp_path / 'status.xlsx'} --bac 700")
    assert (code, out) == asked_of(asked, tmp_path, TABLE)
    assert "has 2 sheets; read was “Status”" in err


def asked_of(asked: Said, folder: Path, text: str) -> tuple[int, str]:
    (folder / "plain.csv").write_text(text)
    code, out, _ = asked(f"evm {folder / 'plain.csv'} --bac 700")
    return code, out


def test_a_bad_option_is_named(asked: Said, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text(TABLE)
    for option, value in (
        ("--bac", "much"),
        ("--bac", "1e400"),
        ("--start", "1e9"),
        ("--start", "soon"),
    ):
        code, _, err = asked(f"evm {path} {option} {value}")
        assert (code, err.startswith(f"{option} is '{value}'")) == (2, True)
