"""The report as an editable deck (PPTX): native titles, text, tables and a native chart.

The words are those of `worded`, so that the deck cannot say another number than the page; the
chart holds the points of the forecast's curve, and opens in an office program with its data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from headway.rendering import phrases
from headway.rendering.charts import FinishOdds
from headway.rendering.report.blocks import SHAPES, Bullets, Cards, Cell, Grid, Page
from headway.rendering.report.onepager import OnePager
from headway.rendering.report.page import worded

#: Rows of a table that fit on one slide, and lines of text.
MOST_ROWS = 9
MOST_LINES = 8

#: An hour in the properties of an office file.
_CLOCK = re.compile(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<")

#: Spreadsheets count days from here (the 1900 date system).
_DAY_ZERO = date(1899, 12, 30)

_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.6
#: The lines of the chart: the forecast of now, and the one of the last report.
_INKS = ("2F54B5", "8A8F98")
_TITLE_ONLY = 5  # the layout of python-pptx's own template that has a title and nothing else

#: How wide a column is against the others, by its heading; all others count 1.
_WEIGHTS = {
    "Why": 3.2,
    "Author's judgement": 1.8,
    "Risk or issue": 2.2,
    "Next action": 2.0,
    "Quality against promise": 2.6,
    "Next milestone": 2.2,
    "Project": 1.4,
}


def as_pptx(report: OnePager) -> bytes:
    """Return the report as a PPTX file, one slide a section; its notes say what it rests on."""
    from pptx import Presentation
    from pptx.util import Inches

    page = worded(report)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    deck.core_properties.title = page.title
    deck.core_properties.author = "Headway"
    deck.core_properties.created = deck.core_properties.modified = report.as_of.replace(tzinfo=None)
    notes = "\n".join(f"{name}: {value}" for name, value in page.footer)
    _summary(deck, page, notes)
    if report.odds is not None and len(report.odds.points) > 1:
        _odds(deck, page, report.odds, notes)
    _bullets(deck, page.changes, notes)
    _cards(deck, page.decisions, notes)
    for grid in (page.health, page.risks, page.milestones, page.projects):
        _grid(deck, grid, notes)
    file = BytesIO()
    deck.save(file)
    return _steady(file.getvalue())


def _steady(data: bytes) -> bytes:
    """Return a file of the office formats without the hour it was made: equal decks are equal.

    The chart's data lie in a workbook inside, which has an hour of its own.
    """
    steady = BytesIO()
    with ZipFile(BytesIO(data)) as held, ZipFile(steady, "w", ZIP_DEFLATED) as kept:
        for name in held.namelist():
            part = held.read(name)
            if name.endswith(".xlsx"):
                part = _steady(part)
            elif name == "docProps/core.xml" and b"<dc:title>" not in part:
                part = _CLOCK.sub(b">2000-01-01T00:00:00Z<", part)
            kept.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return steady.getvalue()


def _slide(deck: Any, title: str, notes: str) -> Any:  # noqa: ANN401 - python-pptx is not typed
    """Return a new slide with its title, which a screen reader reads first."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches, Pt

    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top = Inches(_EDGE), Inches(0.35)
    shape.width, shape.height = Inches(_WIDTH - 2 * _EDGE), Inches(1.1)
    shape.text_frame.word_wrap = True
    shape.text = title
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.font.size, paragraph.font.bold = Pt(24 if len(title) < 110 else 18), True
    paragraph.alignment = PP_ALIGN.LEFT
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def _summary(deck: Any, page: Page, notes: str) -> None:  # noqa: ANN401
    """Lay out the first slide: the bottom line as its title, the figures, the health in words."""
    slide = _slide(deck, page.bottom_line, notes)
    _text(slide, f"{page.title}, as of {page.as_of}", top=1.4, height=0.4, size=14)
    facts = [(Cell(fact.label), Cell(fact.value), Cell(fact.detail)) for fact in page.facts]
    _table(slide, "Figures", ("Figure", "Now", "Compared"), facts, top=1.9)
    health = [row[:3] for row in page.health.rows]
    columns = page.health.columns[:3]
    _table(slide, page.health.heading, columns, health[:MOST_ROWS], top=4.1, notes=False)


def _odds(deck: Any, page: Page, odds: FinishOdds, notes: str) -> None:  # noqa: ANN401
    """Draw the chance to be finished by each day as a native chart, the last report's beside it."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches

    chance = phrases.share(odds.p_on_time)
    title = f"{page.facts[0].label}: {chance}; P80 {phrases.day(odds.p80)}"
    slide = _slide(deck, title, notes)
    data: Any = XyChartData()  # type: ignore[no-untyped-call]
    curves = [(f"As of {phrases.day(odds.as_of)}", odds.points)]
    if len(odds.previous) > 1:
        curves.append((f"As of {phrases.day(odds.previous_as_of)}", odds.previous))
    # The same days for both: office programs draw only one of two lines with days of their own.
    days = sorted({day for _, points in curves for day, _ in points})
    for name, points in curves:
        series = data.add_series(name, number_format="0%")
        for day in days:
            series.add_data_point((day - _DAY_ZERO).days, _chance_by(day, points))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
        Inches(_EDGE),
        Inches(1.6),
        Inches(_WIDTH - 2 * _EDGE),
        Inches(5.3),
        data,
    )
    frame.name = "Chance to be finished by each day"
    _describe(frame, title)
    chart = frame.chart
    _inks(chart)
    chart.has_legend = len(curves) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    chart.has_title = False
    _axes(chart, days)


def _chance_by(day: date, points: Sequence[tuple[date, float]]) -> float:
    """Return the curve's share by a day; between two points it is what the straight line says."""
    if day < points[0][0]:
        return 0.0
    for (first, low), (last, high) in pairwise(points):
        if first <= day < last:
            return low + (high - low) * ((day - first).days / (last - first).days)
    return points[-1][1]


def _inks(chart: Any) -> None:  # noqa: ANN401
    """Draw the forecast of now strongly, the one before it in grey."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    for series, ink in zip(chart.plots[0].series, _INKS, strict=False):
        series.smooth = False
        series.format.line.color.rgb = RGBColor.from_string(ink)  # type: ignore[no-untyped-call]
        series.format.line.width = Pt(2.5)


def _axes(chart: Any, days: Sequence[date]) -> None:  # noqa: ANN401
    """Give the chart its scales: days as dates, chances from 0 to 100 %."""
    from pptx.util import Pt

    across, up = chart.category_axis, chart.value_axis
    across.minimum_scale = (min(days) - _DAY_ZERO).days
    across.maximum_scale = (max(days) - _DAY_ZERO).days
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "d mmm yy", False
    across.has_major_gridlines = False
    up.minimum_scale, up.maximum_scale, up.major_unit = 0, 1, 0.2
    up.tick_labels.number_format, up.tick_labels.number_format_is_linked = "0%", False
    for axis in (across, up):
        axis.tick_labels.font.size = Pt(12)


def _bullets(deck: Any, block: Bullets, notes: str) -> None:  # noqa: ANN401
    items = block.items or (block.empty,)
    for part in _parts(items, MOST_LINES):
        slide = _slide(deck, block.heading, notes)
        _text(slide, *(f"• {item}" for item in part), top=1.6, height=5.3, size=18)


def _cards(deck: Any, block: Cards, notes: str) -> None:  # noqa: ANN401
    """Lay out what is asked of the reader, two questions a slide."""
    if not block.cards:
        _text(_slide(deck, block.heading, notes), block.empty, top=1.6, height=1, size=18)
    for part in _parts(block.cards, 2):
        slide = _slide(deck, block.heading, notes)
        for place, card in enumerate(part):
            rows = [(Cell(name), Cell(value)) for name, value in card.lines]
            top = 1.6 + place * 2.8
            table = _table(slide, card.title, (card.title, ""), rows, top=top, weights=(1.0, 5.0))
            table.cell(0, 0).merge(table.cell(0, 1))


def _grid(deck: Any, grid: Grid, notes: str) -> None:  # noqa: ANN401
    """Lay out a table, going on over further slides when its rows are many."""
    if not grid.rows:
        _text(_slide(deck, grid.heading, notes), grid.empty, top=1.6, height=1, size=18)
    for place, part in enumerate(_parts(grid.rows, MOST_ROWS)):
        heading = f"{grid.heading}, continued" if place else grid.heading
        _table(_slide(deck, heading, notes), grid.heading, grid.columns, part, top=1.6)


def _parts(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def _text(slide: Any, *lines: str, top: float, height: float, size: int) -> None:  # noqa: ANN401
    from pptx.util import Inches, Pt

    box = slide.shapes.add_textbox(
        Inches(_EDGE), Inches(top), Inches(_WIDTH - 2 * _EDGE), Inches(height)
    )
    box.text_frame.word_wrap = True
    for place, line in enumerate(lines):
        paragraph = box.text_frame.paragraphs[0] if place == 0 else box.text_frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size = Pt(size)
        paragraph.space_after = Pt(size / 3)


def _table(  # noqa: PLR0913 - what a table is made of
    slide: Any,  # noqa: ANN401
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    top: float,
    weights: Sequence[float] = (),
    notes: bool = True,
) -> Any:  # noqa: ANN401
    """Add a native table and return it; a cell's quieter second line stands below its text."""
    from pptx.util import Inches

    frame = slide.shapes.add_table(
        len(rows) + 1,
        len(columns),
        Inches(_EDGE),
        Inches(top),
        Inches(_WIDTH - 2 * _EDGE),
        Inches(0.34 * (len(rows) + 1)),
    )
    frame.name = name
    _describe(frame, f"{name}: a table of {phrases.quantity(len(rows), 'row')}")
    shares = weights or [_WEIGHTS.get(column, 1.0) for column in columns]
    for place, share in enumerate(shares):
        wide = (_WIDTH - 2 * _EDGE) * share / sum(shares)
        frame.table.columns[place].width = Inches(wide)
    for place, column in enumerate(columns):
        _fill(frame.table.cell(0, place), Cell(column), notes=False)
    for down, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            _fill(frame.table.cell(down, place), cell, notes=notes)
    return frame.table


def _fill(place: Any, cell: Cell, *, notes: bool) -> None:  # noqa: ANN401
    from pptx.util import Pt

    shape = f"{SHAPES[cell.level]} " if cell.level else ""
    place.text = f"{shape}{cell.text}"
    if cell.note and notes:
        place.text_frame.add_paragraph().text = cell.note
    place.margin_top = place.margin_bottom = Pt(2)
    for number, paragraph in enumerate(place.text_frame.paragraphs):
        paragraph.font.size = Pt(12 if number == 0 else 10)


def _describe(frame: Any, words: str) -> None:  # noqa: ANN401
    """Say in words what a shape shows, for those who cannot see it."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", words)
