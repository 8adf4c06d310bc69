"""The marks of one row and of what stands behind all rows, as SVG text.

A row is HEIGHT pixels high and as wide as its scale. Marks stand at SVG lengths of the scale, so
the same code draws for a fluid column of a page (percent) and for a picture of fixed size.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from headway.rendering.charts.chart import Palette
from headway.rendering.charts.markup import legible
from headway.rendering.gantt.paint import definitions, paint
from headway.rendering.gantt.rows import Row, Shape, Weight
from headway.rendering.gantt.scale import DAY, Scale
from headway.rendering.gantt.words import sentence

HEIGHT = 28
HEAD = 36
_TOP, _BAR, _MIDDLE = 6, 11, 11.5
_UNDER = 20  # where the baseline's bar lies

#: A bar whose end is not known is drawn so many days long.
UNKNOWN_DAYS = 10


def row_svg(row: Row, scale: Scale) -> str:
    """Return a row as an `<svg>` of its own for a page; what it says is its accessible name."""
    width = "100%" if scale.width is None else f"{scale.width:.0f}"
    return (
        f'<svg width="{width}" height="{HEIGHT}" role="img">'
        f"<title>{escape(legible(sentence(row)))}</title>"
        f'<use href="#g-behind"/>{marks(row, scale, "web")}</svg>'
    )


def head_svg(scale: Scale, today: date, target: date | None) -> str:
    """Return the time scale with, for all rows, the patterns and what stands behind them."""
    width = "100%" if scale.width is None else f"{scale.width:.0f}"
    return (
        f'<svg width="{width}" height="{HEAD}" aria-hidden="true" focusable="false">'
        f'<defs>{definitions("web")}<g id="g-behind">{behind(scale, today, target, HEIGHT, "web")}'
        f"</g></defs>{head(scale, today, target, 'web')}</svg>"
    )


def head(scale: Scale, today: date, target: date | None, palette: Palette) -> str:
    """Return the two tiers of ticks with the words for today and the target."""
    above, below = scale.tiers
    parts = []
    for tick in above:
        x = scale.at(tick.first)
        parts.append(_line(x, 2, HEAD, "line", palette))
        parts.append(_text(x, 13, tick.label, "strong", palette))
    for tick in below:
        x = scale.at(tick.first)
        parts.append(_line(x, 20, HEAD, "line", palette))
        parts.append(_text(x, 31, tick.label, "label", palette))
    for day, part in ((today, "today"), (target, "target")):
        if day is not None and scale.holds(day):
            end = scale.at(day) if part == "today" else scale.after(day)
            parts.append(_line(end, 18, HEAD, part, palette))
    return "".join(parts)


def behind(scale: Scale, today: date, target: date | None, height: int, palette: Palette) -> str:
    """Return what stands behind rows of `height` in all: idle days, ticks, status and target."""
    parts = [
        f'<rect x="{scale.at(first)}" y="0" width="{scale.wide(first, last)}" height="{height}" '
        f"{paint('idle', palette)}/>"
        for first, last in scale.idle
    ]
    above, below = scale.tiers
    fine = below if len(below) <= 120 else above
    parts += [_line(scale.at(tick.first), 0, height, "line", palette) for tick in fine[1:]]
    if target is not None and scale.holds(target):
        parts.append(_line(scale.after(target), 0, height, "target", palette))
    if scale.holds(today):
        parts.append(_line(scale.at(today), 0, height, "today", palette))
    return "".join(parts)


def marks(row: Row, scale: Scale, palette: Palette) -> str:
    """Return the marks of a row at the top left; what lies outside the scale is left out."""
    return "".join(_marks(row, scale, palette))


def _marks(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    if row.planned:
        yield from _planned(row, scale, palette)
    if row.trouble:
        yield from _unknown(row, scale, palette)
    elif row.shape is Shape.MILESTONE:
        yield from _milestone(row, scale, palette)
    elif row.shape is Shape.SUMMARY:
        yield from _summary(row, scale, palette)
    else:
        yield from _bar(row, scale, palette)
    yield from _bounds(row, scale, palette)


def _bar(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    begins, ends = row.begins, row.ends
    if begins is None:
        return
    yield from _tail(row, scale, palette)
    last = max(ends or begins, begins)
    part = "ended" if row.finished else str(row.weight)
    yield _rect(scale, (begins, last), (_TOP, _BAR), part, palette)
    solid = row.solid_until
    if solid is not None and solid >= begins:
        suffix = "" if row.weight is Weight.PLAIN else f"-{row.weight}"
        yield _rect(scale, (begins, solid), (_TOP + 3.5, 4), f"progress{suffix}", palette)


def _tail(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    """Return the range from P50 to P80: it fades, and ends with a mark."""
    if row.finished or row.p50 is None or row.p80 is None or row.p80 <= row.p50:
        return
    part = f"tail-{row.weight}"
    if row.shape is Shape.SUMMARY:
        yield _rect(scale, (row.p50 + DAY, row.p80), (_TOP, 5), part, palette)
    else:
        yield _rect(scale, (row.p50 + DAY, row.p80), (_TOP + 1.5, _BAR - 3), part, palette)
    if scale.holds(row.p80):
        yield _line(scale.after(row.p80), _TOP, _TOP + _BAR, "reach", palette)


def _milestone(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    day = row.ends
    if day is None:
        return
    yield from _tail(row, scale, palette)
    part = "ended" if row.finished else str(row.weight)
    if scale.holds(day):
        yield _placed(
            scale.after(day), f'<path d="M0 5 6.5 11.5 0 18 -6.5 11.5Z" {paint(part, palette)}/>'
        )


def _summary(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    begins, ends = row.begins, row.ends
    if begins is None or ends is None:
        return
    yield from _tail(row, scale, palette)
    part = "summary-critical" if row.weight is Weight.CRITICAL else "summary"
    yield _rect(scale, (begins, max(ends, begins)), (_TOP, 5), part, palette)
    ink = paint(part, palette)
    if scale.holds(begins):
        yield _placed(scale.at(begins), f'<path d="M0 6h6l-6 9z" {ink}/>')
    if scale.holds(ends):
        yield _placed(scale.after(ends), f'<path d="M0 6h-6l6 9z" {ink}/>')


def _unknown(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    first = row.begins or row.not_before or scale.first
    last = row.ends if row.ends and row.ends >= first else first + (UNKNOWN_DAYS - 1) * DAY
    yield _rect(scale, (first, last), (_TOP, _BAR), "unknown", palette)


def _planned(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    assert row.planned is not None
    first, last = row.planned
    if row.shape is Shape.MILESTONE:
        if scale.holds(last):
            ink = paint("planned", palette)
            yield _placed(scale.after(last), f'<path d="M0 18 4 22 0 26 -4 22Z" {ink}/>')
    else:
        yield _rect(scale, (first, max(last, first)), (_UNDER, 3), "planned", palette)


def _bounds(row: Row, scale: Scale, palette: Palette) -> Iterator[str]:
    """Return the marks of not-before (a bracket) and of the deadline (a flag)."""
    if row.not_before and not row.started and not row.finished and scale.holds(row.not_before):
        ink = paint("not-before", palette)
        yield _placed(scale.at(row.not_before), f'<path d="M4 4H0V19H4" {ink}/>')
    if row.deadline and scale.holds(row.deadline):
        reached = row.finished or row.p80
        missed = reached is not None and reached > row.deadline
        ink = paint("missed" if missed else "deadline", palette)
        yield _placed(scale.after(row.deadline), f'<path d="M0 19V2L7 5 0 8" {ink}/>')


def _rect(
    scale: Scale, days: tuple[date, date], rows: tuple[float, float], part: str, palette: Palette
) -> str:
    first, last = days
    if last < scale.first or first > scale.last or last < first:
        return ""
    top, height = rows
    return (
        f'<rect x="{scale.at(first)}" y="{top:g}" width="{scale.wide(first, last)}" '
        f'height="{height:g}" {paint(part, palette)}/>'
    )


def _placed(x: str, drawn: str) -> str:
    """Return what is drawn in pixels, its origin at the SVG length `x`."""
    return f'<svg x="{x}" overflow="visible">{drawn}</svg>'


def _line(x: str, top: float, bottom: float, part: str, palette: Palette) -> str:
    ink = paint(part, palette)
    return f'<line x1="{x}" x2="{x}" y1="{top:g}" y2="{bottom:g}" {ink}/>'


def _text(x: str, y: float, words: str, part: str, palette: Palette) -> str:
    if not words:
        return ""
    return f'<text x="{x}" y="{y:g}" dx="3" {paint(part, palette)}>{escape(legible(words))}</text>'


def attribute(text: str) -> str:
    """Return text as a quoted attribute of XML."""
    return quoteattr(legible(text))
