"""What drives the finish or the cost: each cause removed, one at a time, at P50 and at P80."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Word

_NAMES, _SAID = 196, 96
_PITCH, _NARROW_PITCH = 30, 46


@dataclass(frozen=True, slots=True)
class Removal:
    """What P50 and P80 lose without one cause; `equal` says that it counts as no difference."""

    name: str
    kind: str
    p50: float | None
    p80: float | None
    error: float | None
    equal_p50: bool
    equal_p80: bool


@dataclass(frozen=True, slots=True)
class Removals:
    """The causes, largest first. `currency` is empty for days."""

    rows: tuple[Removal, ...]
    currency: str = ""


def tornado(found: Removals, frame: Frame = WEB) -> Chart:
    """Draw for each cause how much P80 (broad) and P50 (narrow) lose without it.

    Raises Invalid when no cause has a value.
    """
    rows = [row for row in found.rows if row.p80 is not None or row.p50 is not None]
    if not rows:
        sentence = "No cause could be removed: the percentiles fall into never, or all is certain."
        raise Invalid(sentence)
    narrow = frame.narrow
    margins = Margins(left=10 if narrow else _NAMES, right=_SAID, top=40)
    pitch = _NARROW_PITCH if narrow else _PITCH
    scale, unit = _unit(found, rows)
    values = [value / scale for row in rows for value in (row.p50, row.p80) if value is not None]
    x = scales.values([0.0, *values])
    y = Axis(-0.5, len(rows) - 0.5, falls=True)
    marks = (
        *(mark for place, row in enumerate(rows) for mark in _row(row, place, x, (frame, scale))),
        Rule(0, -0.5, 0, len(rows) - 0.5, "axis"),
        *_key(x, pitch, unit),
    )
    title, note = _title(found, rows), _note(rows)
    scene = Scene(x, y, marks, margins, height=len(rows) * pitch + margins.top + margins.bottom)
    columns = ("Without", "Kind", "P50 loses", "P80 loses", "± error at P80")
    svg = draw(scene, frame, title, note)
    return Chart(title, svg, columns, tuple(_cells(found, row) for row in rows), note)


def _unit(found: Removals, rows: list[Removal]) -> tuple[float, str]:
    if not found.currency:
        return 1.0, "working days"
    most = max(abs(value) for row in rows for value in (row.p50, row.p80) if value is not None)
    scale, word = next(
        ((scale, word) for scale, word in ((1e6, " M"), (1e3, " k")) if most >= scale), (1.0, "")
    )
    return scale, f"{found.currency}{word}"


def _row(row: Removal, place: int, x: Axis, drawn: tuple[Frame, float]) -> list[Mark]:
    frame, scale = drawn
    marks: list[Mark] = [
        Rule(x.low, place, x.high, place, "grid", width=1),
        _name(row, place, x, frame),
    ]
    if row.p80 is not None and not row.equal_p80:
        end = row.p80 / scale
        marks.append(Rule(0, place - 0.12, end, place - 0.12, "c1", width=9))
        if row.error is not None:
            doubt = 2 * row.error / scale
            marks.append(
                Rule(end - doubt, place - 0.12, end + doubt, place - 0.12, "text", width=1.25)
            )
    if row.p50 is not None and not row.equal_p50:
        marks.append(Rule(0, place + 0.18, row.p50 / scale, place + 0.18, "c6", width=5))
    is_none = row.equal_p80 or row.p80 is None
    said = "no difference" if is_none else _said(row.p80 or 0.0, scale)
    return [
        *marks,
        Word(x.high, place, said, "muted" if is_none else "text", dx=8, bold=not is_none),
    ]


def _said(value: float, scale: float) -> str:
    return phrases.number(value / scale, 1)


def _name(row: Removal, place: int, x: Axis, frame: Frame) -> Word:
    if frame.narrow:
        return Word(x.low, place, row.name, dy=-17, limit=frame.width - 20)
    return Word(x.low, place, row.name, align="right", dx=-10, size=12, limit=_NAMES - 44)


def _key(x: Axis, pitch: int, unit: str) -> list[Mark]:
    """Say above the rows what the two bars are."""
    height, span = -0.5 - 20 / pitch, x.high - x.low
    return [
        Dot(x.low, height, "c1", "square", size=70),
        Word(x.low, height, "P80", "muted", dx=9),
        Dot(x.low + span * 0.16, height, "c6", "square", size=40),
        Word(x.low + span * 0.16, height, "P50", "muted", dx=9),
        Word(x.high, height, unit, "muted", "right"),
    ]


def _amount(found: Removals, value: float) -> str:
    if found.currency:
        return phrases.money(Decimal(str(round(value, 2))), found.currency)
    return f"{phrases.number(value, 1)} {'day' if abs(value) == 1 else 'days'}"


def _title(found: Removals, rows: list[Removal]) -> str:
    felt = [row for row in rows if row.p80 is not None and not row.equal_p80]
    what = "the cost at P80" if found.currency else "P80"
    if not felt:
        return f"No single cause moves {what} by more than the simulation can tell apart."
    first = max(felt, key=lambda row: abs(row.p80 or 0.0))
    value = first.p80 or 0.0
    verb = ("falls" if found.currency else "comes earlier") if value > 0 else "rises"
    if value <= 0 and not found.currency:
        verb = "comes later"
    others = len(rows) - len(felt)
    makes = "makes" if others == 1 else "make"
    rest = f"; {others} of {len(rows)} causes {makes} no difference" if others else ""
    return f"Without {first.name} {what} {verb} by {_amount(found, abs(value))}{rest}."


def _note(rows: list[Removal]) -> str:
    items = sum(row.kind == "item" for row in rows)
    return (
        f"Each risk left out, each of {phrases.quantity(items, 'item')} at its median, on the same "
        "random numbers. Thin lines: two standard errors; below that it counts as no difference."
    )


def _cells(found: Removals, row: Removal) -> tuple[str, ...]:
    def said(value: float | None, *, equal: bool) -> str:
        if value is None:
            return phrases.NOT_AVAILABLE
        return "no difference" if equal else _amount(found, value)

    error = phrases.NOT_AVAILABLE if row.error is None else _amount(found, row.error)
    p50, p80 = said(row.p50, equal=row.equal_p50), said(row.p80, equal=row.equal_p80)
    return (row.name, row.kind, p50, p80, error)
