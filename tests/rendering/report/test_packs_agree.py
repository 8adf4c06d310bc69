"""No two formats, and no two audiences, can be told two numbers: all are compared, cell by cell."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

import openpyxl
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from tests.rendering.report.packs import REASON, a_bridge, sample_pack

from headway.rendering import phrases
from headway.rendering.report import (
    Page,
    as_html,
    as_html_document,
    as_markdown,
    as_pdf,
    as_pptx,
    as_xlsx,
    mail_of,
    page_of,
)
from headway.rendering.report.blocks import SHAPES, Bullets, Cards, Cell, Grid, Share, Waterfall
from headway.rendering.report.native import DAY_ZERO
from headway.rendering.report.pack import BridgeStep, PackBridge
from headway.rendering.report.views import VIEWS
from headway.rendering.report.views.shared import summed

AUDIENCES = (*VIEWS, "vendor")

Table = list[list[str]]

#: A number as pages write it; what is glued to a letter ("P80", "SHA-256") names something.
NUMBER = re.compile(r"(?<![A-Za-z\d.,@#-])\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module", params=AUDIENCES)
def page(request: pytest.FixtureRequest) -> Page:
    return page_of(sample_pack(), request.param, "Labelwerk")


def plain(text: str) -> str:
    """Return a text without shapes, with simple spaces."""
    for shape in SHAPES.values():
        text = text.replace(shape, "")
    text = " ".join(text.replace("\u200b", "").split())
    return re.sub(r"^'(?==)", "", text)  # what a spreadsheet would compute is written with a '


def told(cell: Cell) -> str:
    return plain(f"{cell.text} {cell.note}")


def grids(page: Page) -> dict[str, Table]:
    """Return every table of a page: its headings, then its rows."""
    return {
        grid.heading: [list(grid.columns), *([told(cell) for cell in row] for row in grid.rows)]
        for grid in page.blocks
        if isinstance(grid, Grid) and grid.rows
    }


def words_of(page: Page) -> str:
    """Return every word of a page but its tables'."""
    facts = [part for fact in page.facts for part in (fact.label, fact.value, fact.detail)]
    lists = [item for block in page.blocks if isinstance(block, Bullets) for item in block.items]
    cards = [card for block in page.blocks if isinstance(block, Cards) for card in block.cards]
    lines = [text for card in cards for _, text in card.lines]
    footer = [text for _, text in page.footer]
    words = [text for pair in page.words for text in pair]
    notes = [block.note for block in page.blocks if isinstance(block, Grid)]
    titles = [card.title for card in cards]
    return " ".join([page.bottom_line, *facts, *lists, *titles, *lines, *footer, *words, *notes])


class Tables(HTMLParser):
    """Every table of an HTML text, with the heading of its section; pictures are left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, Table] = {}
        self.heading, self.into, self.part = "", "", ""
        self.feed(re.sub(r"<figure.*?</figure>", "", text, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.part += " "
        elif tag == "h2":
            self.heading, self.into = "", "heading"
        elif tag == "table":
            self.found[self.heading] = []
        elif tag == "tr":
            self.found[self.heading].append([])
        elif tag in {"td", "th"}:
            self.part, self.into = "", "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.found[self.heading][-1].append(plain(self.part))
        if tag in {"td", "th", "h2"}:
            self.into = ""

    def handle_data(self, data: str) -> None:
        if self.into == "heading":
            self.heading += data
        elif self.into == "cell":
            self.part += data


def markdown_tables(text: str) -> dict[str, Table]:
    found = {}
    for section in text.split("\n## ")[1:]:
        lines = [line for line in section.splitlines() if line.startswith("| ")]
        rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
        cells = [[plain(_literal(cell.replace("<br>", " "))) for cell in row] for row in rows]
        if cells:
            found[_literal(section.splitlines()[0])] = [cells[0], *cells[2:]]
    return found


def _literal(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def deck_tables(deck: Any) -> dict[str, Table]:  # noqa: ANN401 - python-pptx is not typed
    """Return the tables of a deck by name; one that goes on over slides is one table."""
    tables = [
        (shape.name, [[plain(cell.text) for cell in row.cells] for row in shape.table.rows])
        for slide in deck.slides
        if slide.shapes.title.text not in {"", slide_one(deck)}
        for shape in slide.shapes
        if getattr(shape, "has_table", False) and shape.has_table
    ]
    found: dict[str, Table] = {}
    for name, parts in groupby(tables, key=lambda pair: pair[0]):
        whole = [rows for _, rows in parts]
        found[name] = [whole[0][0], *(row for rows in whole for row in rows[1:])]
    return found


def slide_one(deck: Any) -> str:  # noqa: ANN401
    """Return the title of the summary, whose tables are excerpts."""
    return str(deck.slides[0].shapes.title.text)


def test_html_markdown_and_slides_hold_the_same_tables(page: Page) -> None:
    wanted = grids(page)
    assert len(wanted) >= 2
    assert Tables(as_html(page)).found == wanted
    assert markdown_tables(as_markdown(page)) == wanted
    held = deck_tables(Presentation(io.BytesIO(as_pptx(page))))
    assert {name: held[name] for name in wanted} == wanted


def test_the_mail_holds_the_same_tables(page: Page) -> None:
    mail = mail_of(sample_pack(), page.audience, "Labelwerk")
    assert Tables(mail.html).found == grids(page)
    text = plain(mail.text)
    rows = [row for block in page.blocks if isinstance(block, Grid) for row in block.rows]
    for cell in (cell for row in rows for cell in row if cell.text != "–"):
        assert plain(cell.text) in text, cell
        assert plain(cell.note) in text, cell
    assert page.title in mail.subject
    assert "\n" not in mail.subject


def test_every_number_of_the_page_stands_in_every_format_and_no_other(page: Page) -> None:
    cells = " ".join(cell for rows in grids(page).values() for row in rows for cell in row)
    headings = " ".join(block.heading for block in page.blocks)
    wanted = set(NUMBER.findall(f"{words_of(page)} {cells} {page.as_of}"))
    allowed = wanted | set(NUMBER.findall(f"{headings} {page.title} {page.subject}"))
    assert len(wanted) > 12
    texts = {
        "html": re.sub(r"<[^>]+>", " ", re.sub(r"<figure.*?</figure>", "", as_html(page))),
        "md": _literal(as_markdown(page)),
        "pdf": pdf_text(as_pdf(page)),
    }
    for name, text in texts.items():
        found = set(NUMBER.findall(" ".join(text.replace("\u200b", "").split())))
        assert wanted - found == set(), name
        if not (name == "pdf" and page.audience == "executive"):  # its picture has an axis
            assert found - allowed == set(), name


def pdf_text(data: bytes) -> str:
    """Return the words of a PDF, the foot of each page left out."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = " ".join(one.extract_text() for one in pages)
    return re.sub(r", page \d+ of \d+", "", " ".join(text.split()))


#: The executive workbook holds more than its page: `test_office` compares it with the value.
@pytest.mark.parametrize("audience", [one for one in AUDIENCES if one != "executive"])
def test_the_workbook_holds_the_numbers_of_each_table_as_numbers(audience: str) -> None:
    page = page_of(sample_pack(), audience, "Labelwerk")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(page)))
    for grid in (block for block in page.blocks if isinstance(block, Grid) and block.rows):
        rows = list(book[grid.heading[:31]].iter_rows(min_row=2))
        assert len(rows) == len(grid.rows)
        for held, row in zip(rows, grid.rows, strict=True):
            assert not any(cell.note for cell in row)
            for kept, cell in zip(held, row, strict=True):
                assert same(kept.value, cell), (grid.heading, kept.value, cell)


def same(kept: object, cell: Cell) -> bool:
    """Say whether a cell of a workbook holds what the page says: as number, day, share or words."""
    match cell.value:
        case Share():
            # A workbook writes sixteen digits, a float has up to seventeen.
            return kept == pytest.approx(cell.value.value, rel=1e-15)
        case Decimal():
            return Decimal(str(kept)).quantize(Decimal("0.01")) == cell.value
        case date():
            return isinstance(kept, datetime) and kept.date() == cell.value
        case int() | float():
            return kept == cell.value
        case str():
            return kept == cell.value
    return plain(str(kept or "")) == ("" if cell.text in {"–", "n/a"} else plain(cell.text))


def test_no_workbook_computes_and_none_links(page: Page) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(page)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert "Definitions" in book.sheetnames
    defined = [row[0].value for row in book["Definitions"].iter_rows(min_row=2)]
    assert {word for word, _ in page.words} <= set(defined)


def test_equal_packs_give_equal_bytes(page: Page) -> None:
    again = page_of(sample_pack(), page.audience, "labelwerk")
    for draw in (as_html_document, as_markdown, as_pdf, as_pptx, as_xlsx):
        assert draw(page) == draw(again), draw.__name__


def test_what_two_audiences_share_is_one_number() -> None:
    pack = sample_pack()
    executive, finance = page_of(pack, "executive"), page_of(pack, "finance")
    engineering = page_of(pack, "engineering")
    cost = next(fact.number for fact in executive.facts if fact.label == "Cost at P80")
    assert cost == next(fact.number for fact in finance.facts if fact.label == "Forecast, P80")
    p80 = next(fact.number for fact in executive.facts if fact.label == "Finish at P80")
    assert p80 == next(fact.number for fact in engineering.facts if fact.label == "P80")
    verdicts = [
        [row[2].text for row in page_of(pack, audience).block("criteria", Grid).rows]
        for audience in ("engineering", "compliance")
    ]
    assert verdicts[0] == verdicts[1]


# --- each table of money adds up


def column(page: Page, name: str, place: int) -> list[Decimal]:
    rows = page.block(name, Grid).rows
    return [cell.value for row in rows if isinstance((cell := row[place]).value, Decimal)]


def test_categories_and_projects_add_up_to_the_cent() -> None:
    page = page_of(sample_pack(), "finance")
    for name, places in (("categories", (1, 2, 3)), ("projects", (1, 2))):
        for place in places:
            *parts, whole = column(page, name, place)
            assert sum(parts) == whole, (name, place)


def test_the_bridge_of_each_audience_adds_up_to_the_day_and_the_cent() -> None:
    bridge = a_bridge()
    assert bridge.then_p80
    assert bridge.now_p80
    assert summed([step.days for step in bridge.steps]) == (bridge.now_p80 - bridge.then_p80).days
    page = page_of(sample_pack(), "executive")
    rows = page.block("bridge", Grid).rows
    assert rows[-1][1].text == "+17.00"
    assert rows[-1][2].value == Decimal("49000.00")
    finance = page_of(sample_pack(), "finance").block("bridge", Grid).rows
    assert [row[1].value for row in finance] == [row[2].value for row in rows]


CENTS = st.decimals(-100_000, 100_000, places=2)


@settings(max_examples=25, deadline=None)
@given(st.lists(CENTS, min_size=1, max_size=6))
def test_the_native_chart_leads_from_one_end_to_the_other(moved: list[Decimal]) -> None:
    start = Decimal("1187000.00")
    steps = tuple(BridgeStep(str(n), f"Cause {n}", None, one, "") for n, one in enumerate(moved))
    bridge = PackBridge(None, None, None, start, start + sum(moved), steps)
    page = page_of(replace(sample_pack(), bridge=bridge), "finance")
    values = chart_values(page, "Cost at P80")
    up = sum(Decimal(str(one)) for one in values["More"] if one is not None)
    down = sum(Decimal(str(one)) for one in values["Less"] if one is not None)
    first, last = values["Ends"][0], values["Ends"][-1]
    assert Decimal(str(first)) + up - down == Decimal(str(last))
    assert len(values["Under"]) == len(moved) + 2


def chart_values(page: Page, heading: str) -> dict[str, list[float | None]]:
    deck = Presentation(io.BytesIO(as_pptx(page)))
    for slide in deck.slides:
        for shape in slide.shapes:
            if getattr(shape, "has_chart", False) and shape.name.startswith(heading):
                plot = shape.chart.plots[0]
                return {series.name: list(series.values) for series in plot.series}
    raise AssertionError(heading)


def test_the_chart_in_days_stands_on_the_dates_themselves() -> None:
    values = chart_values(page_of(sample_pack(), "executive"), "P80 from")
    ends = [one for one in values["Ends"] if one is not None]
    assert ends == [(day - DAY_ZERO).days for day in (date(2027, 5, 4), date(2027, 5, 21))]
    assert [one for one in values["Less"] if one is not None] == [3.99]


def test_a_bridge_with_an_end_of_never_has_no_chart_and_no_sum() -> None:
    steps = (BridgeStep("risks", "Risks", None, None, "A risk was raised."),)
    bridge = PackBridge(None, None, date(2027, 5, 21), None, None, steps)
    page = page_of(replace(sample_pack(), bridge=bridge), "executive")
    assert not [block for block in page.blocks if isinstance(block, Waterfall)]
    assert [cell.text for cell in page.block("bridge", Grid).rows[-1]][1:3] == ["n/a", "n/a"]


# --- what a judgement above the evidence brings along


def formats(page: Page) -> Iterator[str]:
    yield plain(re.sub(r"<[^>]+>", " ", as_html(page)))
    yield plain(_literal(as_markdown(page)))
    yield plain(pdf_text(as_pdf(page)))
    deck = Presentation(io.BytesIO(as_pptx(page)))
    yield plain(
        " ".join(
            shape.text_frame.text
            for slide in deck.slides
            for shape in slide.shapes
            if shape.has_text_frame
        )
    )
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(page)))
    yield plain(
        " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    )


@pytest.mark.parametrize("audience", list(VIEWS))
def test_the_written_reason_stands_in_every_format(audience: str) -> None:
    for text in formats(page_of(sample_pack(), audience)):
        assert REASON in text
        assert "A. Sample says good, the evidence says bad" in text


def test_the_letter_says_nothing_of_it_and_nothing_of_others() -> None:
    pack = sample_pack()
    letter = " ".join(formats(page_of(pack, "vendor", "Labelwerk")))
    assert "Of 2 deliveries we have accepted 1" in letter
    assert "USD 9,600.50" in letter
    for theirs in (REASON, "Screening", "1,236,000", "345,842", "43 %", "Northlabel", "2027-05-21"):
        assert theirs not in letter, theirs
    other = " ".join(formats(page_of(pack, "vendor", "north")))
    assert "Labelwerk" not in other
    assert "9,600" not in other


# --- the PDF can be found one's way in


def test_every_pdf_is_tagged_and_bookmarked_by_its_headings(page: Page) -> None:
    document = pypdf.PdfReader(io.BytesIO(as_pdf(page)))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    titles = [plain(entry["/Title"]) for entry in _entries(document.outline)]
    assert titles[0] == page.title
    tables = [block.heading for block in page.blocks if isinstance(block, Grid) and block.rows]
    assert set(tables) <= set(titles)


def _entries(outline: Sequence[Any]) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry)
        else:
            yield entry


def test_the_executive_page_fits_on_one_also_with_a_bridge_and_a_reason() -> None:
    pdf = as_pdf(page_of(sample_pack(), "executive"))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


def test_a_days_cell_says_its_sign() -> None:
    rows = page_of(sample_pack(), "executive").block("bridge", Grid).rows
    assert [row[1].text for row in rows] == [
        "+12.34",
        "+8.43",
        f"{phrases.MINUS}3.99",
        "+0.22",
        "+17.00",
    ]
