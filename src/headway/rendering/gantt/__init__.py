"""The Gantt chart: plain rows in, SVG out; row by row for a page, or whole for a document."""

from __future__ import annotations

from headway.rendering.gantt.drawing import HEAD, HEIGHT, head_svg, row_svg
from headway.rendering.gantt.paint import paper_style
from headway.rendering.gantt.picture import MOST_ROWS, Gantt, picture
from headway.rendering.gantt.rows import Row, Shape, Wait, Weight
from headway.rendering.gantt.scale import ZOOMS, Scale, Tick, Zoom, scale_of
from headway.rendering.gantt.words import sentence, waits_sentence

__all__ = [
    "HEAD",
    "HEIGHT",
    "MOST_ROWS",
    "ZOOMS",
    "Gantt",
    "Row",
    "Scale",
    "Shape",
    "Tick",
    "Wait",
    "Weight",
    "Zoom",
    "head_svg",
    "paper_style",
    "picture",
    "row_svg",
    "scale_of",
    "sentence",
    "waits_sentence",
]
