"""A whole Gantt chart as one picture: names on the left, bars, their links; for paper and pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from xml.sax.saxutils import escape

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts.chart import WEB, Chart, Frame, Palette
from headway.rendering.charts.markup import legible
from headway.rendering.gantt.drawing import HEAD, HEIGHT, behind, head, marks
from headway.rendering.gantt.paint import definitions, paint
from headway.rendering.gantt.rows import Row, Wait, Weight
from headway.rendering.gantt.scale import DAY, Scale, Zoom, scale_of
from headway.rendering.gantt.words import sentence

#: More rows than these do not fit a sheet; the caller chooses which.
MOST_ROWS = 60

_NAMES = 210
_INDENT = 12
_LETTER = 5.9  # pixels of a letter, on average
_COLUMNS = ("Item", "Starts", "P50", "P80", "Deadline", "Baseline", "Weight")


@dataclass(frozen=True, slots=True)
class Gantt:
    """The rows of a picture with what links them. `today` is the status date."""

    rows: Sequence[Row]
    today: date
    target: date | None = None
    waits: Sequence[Wait] = ()
    free: frozenset[date] = frozenset()


def picture(gantt: Gantt, frame: Frame = WEB) -> Chart:
    """Draw a Gantt chart with its finding as title and the table behind it.

    Raises Invalid without a row that has a date, and for more rows than MOST_ROWS.
    """
    if len(gantt.rows) > MOST_ROWS:
        sentence = f"{len(gantt.rows)} rows do not fit one picture; choose up to {MOST_ROWS}."
        raise Invalid(sentence)
    days = [day for row in gantt.rows for day in row.days]
    if not days:
        sentence = "There is no row with a date to draw; forecast the plan first."
        raise Invalid(sentence)
    if gantt.target:
        days.append(gantt.target)
    fitted = scale_of(days, Zoom.FIT, today=gantt.today, free=gantt.free)
    scale = replace(fitted, width=float(frame.width - _NAMES - 8))
    title = _title(gantt.rows)
    note = (
        "Bar: start to P50; the tail fades to P80. Heavy edge: critical; dashed: near-critical. "
        "Hatched: cannot be forecast. Thin bar below: baseline. Flag: deadline."
    )
    svg = _svg(gantt, scale, frame, title)
    return Chart(title, svg, _COLUMNS, tuple(_cells(row) for row in gantt.rows), note)


def _svg(gantt: Gantt, scale: Scale, frame: Frame, title: str) -> str:
    palette = frame.palette
    height = HEAD + HEIGHT * len(gantt.rows)
    name = frame.name or "gantt"
    family = "sans-serif" if palette == "web" else "Roboto"
    size = 'width="100%"' if palette == "web" else f'width="{frame.width}" height="{height}"'
    rows = HEIGHT * len(gantt.rows)
    back = behind(scale, gantt.today, gantt.target, rows, palette)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hw-chart g-picture" role="img" {size} '
        f'viewBox="0 0 {frame.width} {height}" font-family="{family}" '
        f'aria-labelledby="{name}-title"><title id="{name}-title">{escape(legible(title))}</title>'
        f"<defs>{definitions(palette)}</defs>"
        f'<g transform="translate({_NAMES},0)">{head(scale, gantt.today, gantt.target, palette)}'
        f'<g transform="translate(0,{HEAD})">{back}{_links(gantt, scale, palette)}</g></g>'
        f"{''.join(_row(row, place, scale, palette) for place, row in enumerate(gantt.rows))}</svg>"
    )


def _row(row: Row, place: int, scale: Scale, palette: Palette) -> str:
    indent = row.depth * _INDENT
    room = int((_NAMES - indent - 12) / _LETTER)
    name = legible(row.name)
    shown = name if len(name) <= room else name[: room - 1] + "…"
    part = "strong" if row.shape == "summary" else "name"
    top = HEAD + place * HEIGHT
    return (
        f'<g transform="translate(0,{top})"><title>{escape(legible(sentence(row)))}</title>'
        f'<text x="{4 + indent}" y="15.5" {paint(part, palette)}>{escape(shown)}</text>'
        f'<g transform="translate({_NAMES},0)">{marks(row, scale, palette)}</g></g>'
    )


def _links(gantt: Gantt, scale: Scale, palette: Palette) -> str:
    places = {row.key: place for place, row in enumerate(gantt.rows)}
    rows = {row.key: row for row in gantt.rows}
    drawn = []
    for wait in gantt.waits:
        ends = places.get(wait.predecessor), places.get(wait.successor)
        if ends[0] is None or ends[1] is None:
            continue
        source = _end(rows[wait.predecessor], scale, at_end=wait.kind[0] == "F")
        sink = _end(rows[wait.successor], scale, at_end=wait.kind[1] == "F")
        if source is not None and sink is not None:
            drawn.append(_link((source, ends[0]), (sink, ends[1]), palette))
    return "".join(drawn)


def _end(row: Row, scale: Scale, *, at_end: bool) -> float | None:
    """Return where a row's bar ends or begins, in pixels; None where it has no such day."""
    day = row.ends if at_end or row.shape == "milestone" else row.begins
    if day is None or scale.width is None:
        return None
    after = at_end or row.shape == "milestone"
    return scale.share(day + DAY if after else day) * scale.width


def _link(source: tuple[float, int], sink: tuple[float, int], palette: Palette) -> str:
    """Draw a link as a bent line from a bar's end into another bar, with an arrow head."""
    x, y = source[0], source[1] * HEIGHT + 11.5
    x2, y2 = sink[0], sink[1] * HEIGHT + 11.5
    bend = max(x + 6, 0) if x2 - x > 12 else x + 6
    middle = (y + y2) / 2 if x2 - x <= 12 else y2
    path = f"M{x:.1f} {y:g}H{bend:.1f}V{middle:g}"
    if x2 - x <= 12:
        path += f"H{x2 - 8:.1f}V{y2:g}"
    path += f"H{x2 - 1:.1f}"
    arrow = f"M{x2:.1f} {y2:g}l-5 -3v6z"
    return (
        f'<path d="{path}" {paint("link", palette)}/><path d="{arrow}" {paint("arrow", palette)}/>'
    )


def _title(rows: Iterable[Row]) -> str:
    open_rows = [row for row in rows if not row.finished]
    unknown = [row for row in open_rows if row.trouble]
    late = [row for row in open_rows if row.deadline and row.p80 and row.p80 > row.deadline]
    ends = [row.p80 for row in open_rows if row.p80]
    parts = []
    if ends:
        parts.append(f"the last ends by {phrases.day(max(ends))} at P80")
    if late:
        parts.append(f"{len(late)} of {len(open_rows)} open past their deadline at P80")
    if unknown:
        parts.append(f"{phrases.quantity(len(unknown), 'row')} cannot be forecast")
    said = ", ".join(parts) or "everything shown is finished"
    return f"{said[0].upper()}{said[1:]}."


def _cells(row: Row) -> tuple[str, ...]:
    planned = phrases.day(row.planned[1]) if row.planned else phrases.NOT_AVAILABLE
    weight = "" if row.weight is Weight.PLAIN or row.finished else str(row.weight)
    ends = (row.finished, row.finished) if row.finished else (row.p50, row.p80)
    dates = (phrases.day(day) for day in (row.begins, *ends, row.deadline))
    return (row.name, *dates, planned, weight)
