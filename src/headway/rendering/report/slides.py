"""What a slide is made of: a title, text boxes and native tables, on a canvas of any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from headway.rendering import phrases
from headway.rendering.cells import disarmed
from headway.rendering.report.blocks import SHAPES, Cell
from headway.rendering.report.native import Box, describe

#: Rows of a table that fit on one slide, and lines of text.
MOST_ROWS = 9
MOST_LINES = 8

#: Units of the file in an inch, and the height of a row of a table.
EMU = 914_400
ROW = int(0.34 * EMU)

#: Columns up to which a table over a wide slide is set larger; lines of it below a title.
_FEW, _LINES = 7, 23
_WIDE = int(12.1 * EMU)
#: Letters: of a text that never breaks, of the most a column asks for, of a cell's margins and of
#: a status' shape; and the widest that one word makes a column.
_WHOLE, _LONG, _MARGIN, _SHAPE, _BROAD = 13, 90, 3, 2, 30

#: A title that a user's template may set as large as it likes.
_SHORT_TITLE = 25


@dataclass(frozen=True, slots=True)
class Canvas:
    """The deck under way: the layout of our own slides, where they begin, what the notes say.

    `is_ours` is false for a user's template, whose titles keep their own place.
    """

    deck: Any
    layout: Any
    notes: str
    is_ours: bool

    @property
    def edge(self) -> int:
        """Return the margin at either side."""
        return int(0.6 * EMU) if self.is_ours else int(self.deck.slide_width * 0.045)

    @property
    def width(self) -> int:
        """Return how wide the content is."""
        return int(self.deck.slide_width) - 2 * self.edge

    def box(self, top: int, height: int) -> Box:
        """Return a box over the whole width."""
        return Box(self.edge, top, self.width, height)

    def rest(self, top: int) -> Box:
        """Return the box from `top` to the foot of the slide."""
        return self.box(top, int(self.deck.slide_height) - top - int(0.6 * EMU))

    def slide(self, title: str) -> tuple[Any, int]:
        """Return a new slide with its title, which a screen reader reads first, and its top."""
        slide = self.deck.slides.add_slide(self.layout)
        slide.notes_slide.notes_text_frame.text = self.notes
        return slide, self._titled(slide, title)

    def _titled(self, slide: Any, title: str) -> int:  # noqa: ANN401 - python-pptx is not typed
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Pt

        shape = slide.shapes.title
        if shape is None:
            box = self.box(int(0.35 * EMU), int(1.0 * EMU))
            shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
        elif self.is_ours:
            shape.left, shape.top = self.edge, int(0.35 * EMU)
            shape.width, shape.height = self.width, int(1.1 * EMU)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.text = title
        if self.is_ours:
            paragraph = frame.paragraphs[0]
            paragraph.font.size, paragraph.font.bold = Pt(_size_of(title)), True
            paragraph.alignment = PP_ALIGN.LEFT
        elif len(title) >= _SHORT_TITLE:
            frame.paragraphs[0].font.size = Pt(_size_of(title))
        return int(1.6 * EMU) if self.is_ours else int(shape.top + shape.height + 0.1 * EMU)


def _size_of(title: str) -> int:
    """Return how large a title is set: three lines of it fit above the content."""
    return 24 if len(title) < 110 else 18 if len(title) < 220 else 15


def parts(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    """Yield the rows in parts of at most `most`."""
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def text(slide: Any, box: Box, *lines: str, size: int) -> Any:  # noqa: ANN401
    """Add a box of text, one paragraph a line."""
    from pptx.util import Pt

    shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
    shape.text_frame.word_wrap = True
    frame = shape.text_frame
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size = Pt(size)
        paragraph.space_after = Pt(size / 3)
    return shape


def table(  # noqa: PLR0913 - what a table is made of
    slide: Any,  # noqa: ANN401
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    box: Box,
    *,
    weights: Sequence[float] = (),
    notes: bool = True,
) -> Any:  # noqa: ANN401
    """Add a native table and return it; a cell's quieter second line stands below its text."""
    high = ROW * (len(rows) + 1)
    frame = slide.shapes.add_table(len(rows) + 1, len(columns), box.left, box.top, box.width, high)
    frame.name = name
    describe(frame, f"{name}: a table of {phrases.quantity(len(rows), 'row')}")
    shares = weights or _weights(columns, rows, box.width)
    for place, share in enumerate(shares):
        frame.table.columns[place].width = int(box.width * share / sum(shares))
    size = 12 if len(columns) <= _few(box.width) else 10
    for place, column in enumerate(columns):
        _fill(frame.table.cell(0, place), Cell(column), size, notes=False)
    for down, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            _fill(frame.table.cell(down, place), cell, size, notes=notes)
    return frame.table


def _weights(columns: Sequence[str], rows: Sequence[Sequence[Cell]], width: int) -> list[float]:
    """Return how many letters wide each column is: no word breaks, long texts share the rest."""
    needed, wanted = [], []
    for place, column in enumerate(columns):
        texts = [column, *(row[place].text for row in rows)]
        texts += [row[place].note for row in rows]
        words = [word for one in texts for word in ([one] if len(one) <= _WHOLE else one.split())]
        shape = _SHAPE if any(row[place].level for row in rows) else 0
        least = min(_BROAD, max(len(word) for word in words) + shape + _MARGIN)
        needed.append(float(least))
        wanted.append(max(0.0, min(_LONG, max(len(one) for one in texts)) - least))
    rest = max(0.0, _letters(len(columns), width) - sum(needed))
    share = sum(wanted) or 1.0
    return [least + rest * more / share for least, more in zip(needed, wanted, strict=True)]


def _few(width: int) -> int:
    """Return up to how many columns a table of this width is set larger."""
    return round(_FEW * width / _WIDE)


def _letters(columns: int, width: int) -> float:
    """Return how many letters a line of a table holds, at the size of so many columns."""
    return (130 if columns <= _few(width) else 165) * width / _WIDE


def fitting(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], width: int
) -> Iterator[Sequence[Sequence[Cell]]]:
    """Yield the rows in parts that each fit on a slide, by the lines that their texts will take."""
    weights = _weights(columns, rows, width)
    letters = _letters(len(columns), width)
    room = [letters * weight / sum(weights) for weight in weights]
    part: list[Sequence[Cell]] = []
    taken = 0
    for row in rows:
        lines = max(
            ceil(len(cell.text) / width) + ceil(len(cell.note) / width / 1.1)
            for cell, width in zip(row, room, strict=True)
        )
        if part and (len(part) == MOST_ROWS or taken + lines > _LINES):
            yield part
            part, taken = [], 0
        part.append(row)
        taken += lines
    if part:
        yield part


def _fill(place: Any, cell: Cell, size: int, *, notes: bool) -> None:  # noqa: ANN401
    from pptx.util import Pt

    shape = f"{SHAPES[cell.level]} " if cell.level else ""
    place.text = f"{shape}{disarmed(cell.text)}"
    if cell.note and notes:
        place.text_frame.add_paragraph().text = cell.note
    place.margin_top = place.margin_bottom = Pt(2)
    place.margin_left = place.margin_right = Pt(4)
    for number, paragraph in enumerate(place.text_frame.paragraphs):
        paragraph.font.size = Pt(size if number == 0 else size - 2)
