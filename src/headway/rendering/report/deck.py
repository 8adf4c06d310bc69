"""A report as an editable deck (PPTX): native titles, text, tables and charts.

The words are those of the page, so that the deck cannot say another number. A user's own template
may stand below it: what it names is filled in its places (`template`), the rest follows on slides
of our own in its look.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from headway.rendering.report.blocks import (
    Block,
    Bullets,
    Cards,
    Cell,
    Curve,
    Grid,
    Page,
    Waterfall,
)
from headway.rendering.report.native import curve_chart, curve_title, fall_chart
from headway.rendering.report.slides import (
    EMU,
    MOST_LINES,
    MOST_ROWS,
    Canvas,
    fitting,
    parts,
    table,
    text,
)
from headway.rendering.report.template import Filled, fill, plain_layout

#: An hour in the properties of an office file.
_CLOCK = re.compile(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<")

#: Our own slides: wide, on the layout of python-pptx's template with a title and nothing else.
WIDTH, HEIGHT = int(13.333 * EMU), int(7.5 * EMU)
_TITLE_ONLY = 5


def as_pptx(page: Page, template: bytes | None = None) -> bytes:
    """Return the report as a PPTX file, one slide a section; its notes say what it rests on.

    `template` is a user's own deck that `read_template` accepted.
    """
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation(BytesIO(template)) if template is not None else Presentation()
    notes = "\n".join(f"{name}: {value}" for name, value in page.footer)
    if template is None:
        deck.slide_width, deck.slide_height = Emu(WIDTH), Emu(HEIGHT)
        canvas = Canvas(deck, deck.slide_layouts[_TITLE_ONLY], notes, is_ours=True)
        filled = Filled()
    else:
        canvas = Canvas(deck, plain_layout(deck), notes, is_ours=False)
        filled = fill(canvas, page)
    _describe(deck, page)
    if not {"bottom_line", "facts"} <= filled.names:
        _summary(canvas, page)
    for block in page.blocks:
        if block.name not in filled.names:
            _draw(canvas, block)
        elif block.name in filled.left:
            _continued(canvas, block, filled.left[block.name])
    file = BytesIO()
    deck.save(file)
    return steady(file.getvalue())


def _describe(deck: Any, page: Page) -> None:  # noqa: ANN401 - python-pptx is not typed
    made = datetime.fromtimestamp(page.stamp, UTC).replace(tzinfo=None)
    properties = deck.core_properties
    properties.title = (
        page.title if page.audience == "executive" else f"{page.title}: {page.subject}"
    )
    properties.author = properties.last_modified_by = "Headway"
    properties.created = properties.modified = made


def steady(data: bytes) -> bytes:
    """Return a file of the office formats without the hour it was made: equal decks are equal.

    The chart's data lie in a workbook inside, which has an hour of its own.
    """
    made = BytesIO()
    with ZipFile(BytesIO(data)) as held, ZipFile(made, "w", ZIP_DEFLATED) as kept:
        for name in held.namelist():
            part = held.read(name)
            if name.endswith(".xlsx"):
                part = steady(part)
            elif name == "docProps/core.xml" and b"<dc:title>" not in part:
                part = _CLOCK.sub(b">2000-01-01T00:00:00Z<", part)
            kept.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return made.getvalue()


def _summary(canvas: Canvas, page: Page) -> None:
    """Lay out the first slide: the bottom line as its title, the figures, the health in words."""
    slide, top = canvas.slide(page.bottom_line)
    subject = "" if page.audience == "executive" else f"{page.subject}, "
    line = f"{page.title}, {subject}as of {page.as_of}"
    text(slide, canvas.box(top - int(0.2 * EMU), int(0.4 * EMU)), line, size=14)
    facts = [(Cell(fact.label), Cell(fact.value), Cell(fact.detail)) for fact in page.facts]
    box = canvas.rest(top + int(0.3 * EMU))
    table(slide, "Figures", ("Figure", "Now", "Compared"), facts, box, weights=(2.0, 2.0, 2.6))
    health = page.find("health", Grid)
    if health is not None and health.rows:
        rows = [row[:3] for row in health.rows[:MOST_ROWS]]
        box = canvas.rest(top + int(2.5 * EMU))
        table(slide, health.heading, health.columns[:3], rows, box, notes=False)


def _draw(canvas: Canvas, block: Block) -> None:
    match block:
        case Bullets():
            _bullets(canvas, block)
        case Cards():
            _cards(canvas, block)
        case Grid():
            _grid(canvas, block)
        case Curve():
            if len(block.odds.points) > 1:
                slide, top = canvas.slide(curve_title(block))
                curve_chart(slide, block, canvas.rest(top))
        case Waterfall():
            slide, top = canvas.slide(block.heading)
            fall_chart(slide, block, canvas.rest(top))


def _continued(canvas: Canvas, block: Block, row: int) -> None:
    """Lay out the rows of a table that found no room in the template's place."""
    if isinstance(block, Grid):
        for some in fitting(block.columns, block.rows[row:], canvas.width):
            slide, top = canvas.slide(f"{block.heading}, continued")
            table(slide, block.heading, block.columns, some, canvas.rest(top))


def _bullets(canvas: Canvas, block: Bullets) -> None:
    for some in parts(block.items or (block.empty,), MOST_LINES):
        slide, top = canvas.slide(block.heading)
        text(slide, canvas.rest(top), *(f"• {item}" for item in some), size=18)


def _cards(canvas: Canvas, block: Cards) -> None:
    """Lay out what is asked of the reader, two questions a slide."""
    if not block.cards:
        slide, top = canvas.slide(block.heading)
        text(slide, canvas.rest(top), block.empty, size=18)
    for some in parts(block.cards, 2):
        slide, top = canvas.slide(block.heading)
        for place, card in enumerate(some):
            rows = [(Cell(name), Cell(value)) for name, value in card.lines]
            box = canvas.rest(top + place * int(2.8 * EMU))
            made = table(slide, card.title, (card.title, ""), rows, box, weights=(1.0, 5.0))
            made.cell(0, 0).merge(made.cell(0, 1))


def _grid(canvas: Canvas, grid: Grid) -> None:
    """Lay out a table, going on over further slides when its rows are many."""
    if not grid.rows:
        slide, top = canvas.slide(grid.heading)
        text(slide, canvas.rest(top), grid.empty, size=18)
    for place, some in enumerate(fitting(grid.columns, grid.rows, canvas.width)):
        slide, top = canvas.slide(f"{grid.heading}, continued" if place else grid.heading)
        table(slide, grid.heading, grid.columns, some, canvas.rest(top))
