"""Which items matter: how often each is critical against how closely it moves with the finish."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import labels
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Word

_PERCENT = "format(datum.value * 100, '.0f') + ' %'"
_AXIS = Axis(-0.02, 1.02, (0, 0.25, 0.5, 0.75, 1), _PERCENT)
#: So many items, by sensitivity, have their name beside their dot.
_NAMED = 6
#: Less sensitive items are left without a name beside their dot.
_FELT = 0.05

#: What the four classes of the engine are called for people.
WORDS = {
    "driver": "drives the finish",
    "steady": "critical but steady",
    "latent": "felt when late",
    "quiet": "quiet",
}


@dataclass(frozen=True, slots=True)
class ItemWeight:
    """One unfinished item; `quadrant` is the engine's word, `ssi` its sensitivity index."""

    name: str
    criticality: float
    cruciality: float | None
    ssi: float | None
    quadrant: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The items, and the thresholds that part the quadrants."""

    items: tuple[ItemWeight, ...]
    often: float = 0.5
    closely: float = 0.3


def quadrant(weights: Weights, frame: Frame = WEB) -> Chart:
    """Draw each item by criticality (across) and cruciality (up); the size is its sensitivity.

    Raises Invalid without items.
    """
    if not weights.items:
        sentence = "No unfinished item is left to weigh; the plan is done."
        raise Invalid(sentence)
    margins = Margins(left=44, right=22, top=44, bottom=42)
    rows = sorted(weights.items, key=lambda one: (-(one.ssi or 0.0), one.name))
    plot = (
        frame.width - margins.left - margins.right,
        frame.height - margins.top - margins.bottom,
    )
    marks = (
        Rule(weights.often, 0, weights.often, 1, "muted", "dashed"),
        Rule(0, weights.closely, 1, weights.closely, "muted", "dashed"),
        *_corners(weights),
        *(mark for one in reversed(rows) for mark in _dot(one)),
        *_names(weights, rows, plot),
        Word(-0.02, 1.02, "Moves with the finish (Spearman)", "muted", dx=-36, dy=-22),
        Word(1.02, -0.02, "Critical in this share of outcomes", "muted", "right", dy=34),
    )
    title, note = _title(weights), _note()
    svg = draw(Scene(_AXIS, _AXIS, marks, margins), frame, title, note)
    columns = ("Item", "Critical", "Moves with the finish", "Sensitivity (SSI)", "Class")
    return Chart(title, svg, columns, tuple(_cells(one) for one in rows), note)


def _corners(weights: Weights) -> list[Mark]:
    """Name the quadrants in their outer corners."""
    return [
        Word(1, 1, WORDS["driver"], "muted", "right", "bottom", dy=-2),
        Word(weights.often, weights.closely, WORDS["steady"], "muted", "left", "top", dx=6, dy=4),
        Word(0, 1, WORDS["latent"], "muted", "left", "bottom", dy=-2),
        Word(0, weights.closely, WORDS["quiet"], "muted", "left", "top", dx=26, dy=4),
    ]


def _dot(one: ItemWeight) -> list[Mark]:
    drives = one.quadrant == "driver"
    size = _size(one)
    ink, shape = ("c2", "diamond") if drives else ("c1", "circle")
    return [Dot(one.criticality, one.cruciality or 0.0, ink, shape, hollow=not drives, size=size)]  # type: ignore[arg-type]


def _size(one: ItemWeight) -> float:
    """Return the area of an item's mark in square pixels."""
    return 36 + 200 * min(one.ssi or 0.0, 1.0)


def _names(weights: Weights, rows: Sequence[ItemWeight], plot: tuple[int, int]) -> list[Mark]:
    """Name the most sensitive items beside their dots, off one another and the other dots."""
    width, height = plot
    limit = min(170.0, width * 0.45)

    def spot(one: ItemWeight) -> labels.Spot:
        reach = math.sqrt(_size(one)) / 2 + 1
        x, y = (one.criticality + 0.02) / 1.04, (1.02 - (one.cruciality or 0.0)) / 1.04
        return labels.Spot(x * width, y * height, reach, one.name, one.quadrant == "driver")

    told = [one for one in rows[:_NAMED] if (one.ssi or 0.0) >= _FELT]
    others = [labels.box_of(spot(one)) for one in weights.items if one not in told]
    area = labels.Box(-36, -8, width + 20, height + 2)
    spots = [spot(one) for one in told]
    places = labels.labels(spots, [*others, *_corner_boxes(weights, plot)], area, limit)
    marks: list[Mark] = []
    for one, place in zip(told, places, strict=True):
        if place is None:  # the table below names it
            continue
        x, y = one.criticality, one.cruciality or 0.0
        if place.is_away:
            end = (x + place.dx / width * 1.04, y - place.dy / height * 1.04)
            marks.append(Rule(x, y, *end, ink="muted", width=0.75))
        word = Word(x, y, one.name, align=place.align, dx=place.dx, dy=place.dy, limit=limit)
        marks.append(replace(word, bold=one.quadrant == "driver"))
    return marks


def _corner_boxes(weights: Weights, plot: tuple[int, int]) -> list[labels.Box]:
    """Return the room of the quadrants' names and borders, in pixels of the plot."""
    across, down = weights.often, weights.closely
    x, y = (across + 0.02) / 1.04 * plot[0], (1.02 - down) / 1.04 * plot[1]
    # The dashed lines are kept free too: nobody reads a name that is struck through.
    found = [labels.Box(x - 1, 0, x + 1, plot[1]), labels.Box(0, y - 1, plot[0], y + 1)]
    for word in (mark for mark in _corners(weights) if isinstance(mark, Word)):
        x = (word.x + 0.02) / 1.04 * plot[0] + word.dx
        y = (1.02 - word.y) / 1.04 * plot[1] + word.dy
        wide = labels.width_of(word.text, 400.0)
        left = x - wide if word.align == "right" else x
        top = y if word.baseline == "top" else y - labels.LINE
        found.append(labels.Box(left, top, left + wide, top + labels.LINE))
    return found


def _title(weights: Weights) -> str:
    drive = sorted(
        (one for one in weights.items if one.quadrant == "driver"),
        key=lambda one: (-(one.ssi or 0.0), one.name),
    )
    count = phrases.quantity(len(weights.items), "open item")
    if not drive:
        return f"None of {count} alone drives the finish."
    named = ", ".join(one.name for one in drive[:3])
    more = f" and {len(drive) - 3} more" if len(drive) > 3 else ""
    verb = "drives" if len(drive) == 1 else "drive"
    return f"{len(drive)} of {count} {verb} the finish: {named}{more}."


def _note() -> str:
    return (
        "Critical alone misleads: what always decides the finish may be nearly certain. "
        "Filled diamonds are both; a larger mark is a higher sensitivity index."
    )


def _cells(one: ItemWeight) -> tuple[str, ...]:
    return (
        one.name,
        phrases.share(one.criticality),
        phrases.number(one.cruciality, 2),
        phrases.number(one.ssi, 2),
        WORDS.get(one.quadrant, one.quadrant),
    )
