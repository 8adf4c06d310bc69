"""A report as a workbook (XLSX): numbers as numbers, dates as dates, and what each one means.

No cell is ever a formula or a link: a person's text that looks like one stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from headway.rendering.cells import is_live, visible
from headway.rendering.report.blocks import (
    SHAPES,
    Bullets,
    Cards,
    Cell,
    Grid,
    Page,
    Share,
    Sheet,
    Value,
)

#: A share is a percentage, a day a date, in whichever program opens it.
_SHARE, _DAY, _MONEY = "0.0 %", "yyyy-mm-dd", "#,##0.00"

#: Letters that no sheet's name may have, and how long one may be.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_MOST_IN_NAME = 31
#: The most that a cell of a workbook holds.
_MOST_IN_CELL = 32_000

DEFINITIONS = (
    ("Empty cell", "There is no such number, which is not the same as 0."),
    ("As of", "The data date: nothing that was learned later is in this file."),
)


class _Sheets:
    """The workbook under way: one format a sort of value."""

    def __init__(self, title: str, stamp: float, file: BytesIO) -> None:
        from xlsxwriter import Workbook

        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self.book: Any = Workbook(file, options)
        made = datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None)
        self.book.set_properties({"title": title, "author": "Headway", "created": made})
        self.formats: dict[str, Any] = {
            name: self.book.add_format({"num_format": name, "valign": "top"})
            for name in (_SHARE, _DAY, _MONEY)
        }
        self.plain = self.book.add_format({"valign": "top", "text_wrap": True})
        # Stays a text where somebody edits the cell, too.
        self.live = self.book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})

    def add(self, made: Sheet) -> None:
        """Write a sheet: a heading that stays in sight, then the rows."""
        sheet = self.book.add_worksheet(_NOT_IN_NAMES.sub(" ", made.name)[:_MOST_IN_NAME])
        sheet.freeze_panes(1, 0)
        for place, (column, width) in enumerate(
            zip(made.columns, made.widths.split(), strict=True)
        ):
            sheet.set_column(place, place, float(width))
            sheet.write_string(0, place, column, self.head)
        for down, row in enumerate(made.rows, start=1):
            for place, value in enumerate(row):
                self._write(sheet, down, place, value)

    def _write(self, sheet: Any, down: int, place: int, value: object) -> None:  # noqa: ANN401
        match value:
            case None:
                sheet.write_blank(down, place, None, self.plain)
            case Share():
                sheet.write_number(down, place, value.value, self.formats[_SHARE])
            case Decimal():
                sheet.write_number(down, place, float(value), self.formats[_MONEY])
            case int() | float():
                sheet.write_number(down, place, value, self.plain)
            case date():
                moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day
                sheet.write_datetime(down, place, moment, self.formats[_DAY])
            case _:
                text = visible(str(value))[:_MOST_IN_CELL]
                shape = self.live if is_live(str(value)) else self.plain
                sheet.write_string(down, place, text, shape)


def as_xlsx(page: Page) -> bytes:
    """Return the report as an XLSX file; equal reports give equal bytes."""
    file = BytesIO()
    sheets = _Sheets(f"{page.title}: {page.subject}", page.stamp, file)
    for sheet in page.sheets or tuple(_sheets_of(page)):
        sheets.add(sheet)
    overruled = page.find("overruled", Bullets)
    if page.sheets and overruled is not None:
        sheets.add(_listed(overruled))
    words = (*page.words, *DEFINITIONS, *page.footer)
    sheets.add(Sheet("Definitions", ("Word", "Meaning"), words, "28 100"))
    sheets.book.close()
    return file.getvalue()


def sheet_xlsx(title: str, sheet: Sheet, at: datetime) -> bytes:
    """Return one table as an XLSX file that can be read back; equal tables give equal bytes."""
    file = BytesIO()
    sheets = _Sheets(title, at.timestamp(), file)
    sheets.add(sheet)
    sheets.book.close()
    return file.getvalue()


def _sheets_of(page: Page) -> Iterator[Sheet]:
    """Yield what the page shows, table by table, with the numbers that the words were made of."""
    facts = tuple(
        (fact.label, fact.value if fact.number is None else fact.number, fact.detail)
        for fact in page.facts
    )
    says = (("Bottom line", page.bottom_line, None), *facts)
    yield Sheet("Summary", ("Figure", "Now", "Compared"), says, "34 40 50")
    for block in page.blocks:
        match block:
            case Grid():
                yield _gridded(block)
            case Bullets():
                yield _listed(block)
            case Cards():
                rows = tuple(
                    (card.title, " / ".join(f"{name}: {text}" for name, text in card.lines))
                    for card in block.cards
                )
                yield Sheet(block.heading, ("Question", "Answer"), rows, "60 80")
            case _:
                pass  # a chart draws what a table beside it says


def _listed(block: Bullets) -> Sheet:
    return Sheet(block.heading, (block.heading,), tuple((item,) for item in block.items), "120")


def _gridded(grid: Grid) -> Sheet:
    """Return a table as a sheet; quieter second lines get a column of their own."""
    noted = [any(row[place].note for row in grid.rows) for place in range(len(grid.columns))]
    columns = [
        name
        for place, column in enumerate(grid.columns)
        for name in ((column, f"{column}: note") if noted[place] else (column,))
    ]
    rows = tuple(
        tuple(
            value
            for place, cell in enumerate(row)
            for value in ((_value(cell), cell.note) if noted[place] else (_value(cell),))
        )
        for row in grid.rows
    )
    return Sheet(grid.heading, tuple(columns), rows, _widths(columns, rows))


def _value(cell: Cell) -> Value:
    """Return the number that a cell says, else its words; what is not there is an empty cell."""
    if cell.level is not None:
        return f"{SHAPES[cell.level]} {cell.text}"
    if cell.value is not None:
        return cell.value
    return None if cell.text in ("n/a", "–") else cell.text


def _widths(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    longest = [
        max([len(column), *(len(str(row[place])) for row in rows)])
        for place, column in enumerate(columns)
    ]
    return " ".join(str(min(80, max(10, length + 2))) for length in longest)
