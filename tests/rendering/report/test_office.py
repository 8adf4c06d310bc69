"""Claims about the deck and the workbook: native, editable, and the same numbers as the page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pypdf
import pytest
from pptx import Presentation
from tests.rendering.report.sample import paged, sample

from headway.rendering.report import (
    OnePager,
    as_html,
    as_markdown,
    as_pdf,
    as_pptx,
    as_xlsx,
)
from headway.rendering.report.blocks import Bullets, Cards, Grid

#: What a spreadsheet would take for a formula, or a browser for a link.
LIVE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("https://example.org")',
    "https://example.org",
    "\uff1d1+1",
]


@pytest.fixture(scope="module")
def report() -> OnePager:
    return sample()


@pytest.fixture(scope="module")
def deck(report: OnePager) -> Any:  # noqa: ANN401 - python-pptx is not typed
    return Presentation(io.BytesIO(as_pptx(paged(report))))


@pytest.fixture(scope="module")
def book(report: OnePager) -> Any:  # noqa: ANN401 - openpyxl is not typed
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(paged(report))))


def deck_text(deck: Any) -> str:  # noqa: ANN401
    """Return every word on the slides, tables and notes."""
    return " ".join(" ".join(_words(deck)).split())


def _words(deck: Any) -> Iterator[str]:  # noqa: ANN401
    for slide in deck.slides:
        yield slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if getattr(shape, "has_table", False) and shape.has_table:
                for row in shape.table.rows:
                    yield from (cell.text for cell in row.cells)


def numbers(text: str) -> set[str]:
    """Return every figure in a text: amounts, shares, counts, the days of dates."""
    return set(re.findall(r"\d[\d,]*(?:\.\d+)?", text))


def blocks_of(report: OnePager) -> str:
    """Return the wording that all formats share, digests left out."""
    page = paged(report)
    cells = [
        part
        for grid in page.blocks
        if isinstance(grid, Grid)
        for row in grid.rows
        for cell in row
        for part in (cell.text, cell.note)
    ]
    facts = [part for fact in page.facts for part in (fact.label, fact.value, fact.detail)]
    decisions, changes = page.block("decisions", Cards), page.block("changes", Bullets)
    cards = [part for card in decisions.cards for line in card.lines for part in line]
    return " ".join([page.bottom_line, page.as_of, *facts, *cells, *cards, *changes.items])


def test_every_number_of_the_wording_stands_in_every_format_of_the_page(
    report: OnePager, deck: Any
) -> None:
    wanted = numbers(blocks_of(report))
    assert len(wanted) > 30
    pdf = "".join(
        one.extract_text() for one in pypdf.PdfReader(io.BytesIO(as_pdf(paged(report)))).pages
    )
    html = re.sub(r"<[^>]+>", " ", as_html(paged(report)))
    for name, text in {
        "pptx": deck_text(deck),
        "pdf": " ".join(pdf.replace("\u200b", "").split()),
        "html": html,
        "md": as_markdown(paged(report)),
    }.items():
        assert wanted <= numbers(text), (name, wanted - numbers(text))


def test_the_workbook_holds_the_same_numbers_as_numbers(report: OnePager, book: Any) -> None:
    figures = {row[0].value: row[1] for row in book["Summary"].iter_rows(min_row=2)}
    now = report.outlook
    assert figures["Chance to be on time"].value == now.p_on_time
    assert figures["Chance to be on time"].number_format == "0.0 %"
    assert figures["Cost at P80"].value == float(now.cost_p80 or 0)
    assert figures["Budget"].value == float(now.budget or 0)
    assert day(figures["Finish at P80"].value) == now.p80
    assert day(figures["Target"].value) == now.target
    milestones = list(book["Milestones"].iter_rows(min_row=2, values_only=True))
    assert [day(row[3]) for row in milestones] == [one.p80 for one in report.milestones]
    risks = list(book["Risks"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in risks] == [one.probability for one in report.risks]
    points = list(book["Odds"].iter_rows(min_row=2, values_only=True))
    assert report.odds is not None
    assert [day(when) for when, _ in points] == [when for when, _ in report.odds.points]
    # A workbook writes sixteen digits, a float has up to seventeen.
    chances = [chance for _, chance in report.odds.points]
    assert [chance for _, chance in points] == pytest.approx(chances, rel=1e-15)


def day(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) else None


def test_the_workbook_says_what_its_words_mean(book: Any) -> None:
    words = [row[0] for row in book["Definitions"].iter_rows(min_row=2, values_only=True)]
    assert {"P50, P80", "Chance to be on time", "Forecast", "Ledger"} <= set(words)


@pytest.mark.parametrize("text", LIVE)
def test_what_looks_like_a_formula_stays_text(report: OnePager, text: str) -> None:
    hostile = replace(
        report,
        program=text,
        risks=tuple(replace(one, name=text, owner=text) for one in report.risks),
        projects=tuple(replace(one, name=text, quality=text) for one in report.projects),
        decisions=tuple(replace(one, question=text) for one in report.decisions),
        changes=(text,),
    )
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(paged(hostile))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert any(cell.value == text for cell in cells)


def test_equal_reports_give_equal_bytes(report: OnePager) -> None:
    assert as_xlsx(paged(report)) == as_xlsx(paged())
    assert as_pptx(paged(report)) == as_pptx(paged())


def test_the_deck_is_native_and_each_slide_has_a_title_and_its_sources(deck: Any) -> None:
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    assert not [
        shape
        for shape in shapes
        if shape.shape_type is not None and "PICTURE" in str(shape.shape_type)
    ]
    assert all(slide.shapes.title.text for slide in deck.slides)
    assert all("seed" in slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    tables = [shape for shape in shapes if getattr(shape, "has_table", False)]
    assert len(tables) >= 6


def test_the_chart_can_be_edited_and_holds_the_forecasts_points(
    report: OnePager, deck: Any
) -> None:
    charts = [
        shape.chart
        for slide in deck.slides
        for shape in slide.shapes
        if getattr(shape, "has_chart", False) and shape.has_chart
    ]
    assert len(charts) == 1
    assert report.odds is not None
    series = charts[0].plots[0].series[0]
    assert {share for _, share in report.odds.points} <= set(series.values)
    with zipfile.ZipFile(io.BytesIO(charts[0].part.chart_workbook.xlsx_part.blob)) as embedded:
        assert embedded.testzip() is None


def test_what_shows_something_says_it_in_words(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            if getattr(shape, "has_table", False) or getattr(shape, "has_chart", False):
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")


def test_many_rows_go_on_over_further_slides(report: OnePager) -> None:
    many = replace(report, projects=report.projects[:1] * 30)
    deck = Presentation(io.BytesIO(as_pptx(paged(many))))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles.count("Projects") == 1
    assert titles.count("Projects, continued") == 3


def test_an_empty_report_is_a_deck_and_a_workbook_still(report: OnePager) -> None:
    bare = replace(
        report, health=(), changes=(), decisions=(), risks=(), milestones=(), projects=(), odds=None
    )
    assert len(Presentation(io.BytesIO(as_pptx(paged(bare)))).slides) >= 6
    assert openpyxl.load_workbook(io.BytesIO(as_xlsx(paged(bare))))["Projects"].max_row == 1
