"""A scene in, an SVG out: Altair writes the Vega-Lite, vl-convert draws it, `markup` dresses it.

Altair checks each kind of layer once per process; the data and axes are then set into it, because
copying and checking them again costs more than drawing them.
Pure and deterministic: the same scene gives the same text on every machine, so a caller may cache
it by its inputs. Words are measured with Roboto, which ships with us. The first drawing of a
process loads the engine (about a second and 300 MB); the next ones take some tens of milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from headway.rendering.charts import markup
from headway.rendering.charts.chart import Frame
from headway.rendering.charts.inks import CODES
from headway.rendering.charts.marks import (
    Axis,
    Band,
    Dash,
    Dot,
    Mark,
    Rule,
    Scene,
    Shape,
    Trace,
    Word,
)

if TYPE_CHECKING:
    import altair

FONT = "Roboto"
_VEGA_LITE = "6.1"

_DASHES: dict[Dash, list[float]] = {"solid": [1, 0], "dashed": [6, 4], "dotted": [1.5, 3.5]}
_SHAPES: dict[Shape, str] = {
    "circle": "circle",
    "diamond": "diamond",
    "square": "square",
    "triangle": "triangle-up",
    "cross": "M-1,-1L1,1M-1,1L1,-1",
    "tick": "M0,-1.4L0,1.4",
}
_STROKED: frozenset[Shape] = frozenset({"cross", "tick"})

#: What each word says for itself; the engine reads it from the word's own row.
_OWN = ("align", "baseline", "dx", "dy", "fontSize", "fontWeight", "limit")

Row = dict[str, object]
Kind = type[Mark]


def draw(scene: Scene, frame: Frame, title: str, description: str) -> str:
    """Return the scene as one `<svg>` element, titled and described for those who do not see it."""
    import vl_convert

    _learn_fonts()
    spec = _specification(scene, frame)
    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE)
    return markup.dress(svg, frame, title, description)


@cache
def _learn_fonts() -> None:
    import font_roboto
    import vl_convert

    vl_convert.register_font_directory(font_roboto.font_directory)


def _specification(scene: Scene, frame: Frame) -> Row:
    """Write the scene's Vega-Lite: the layers of its kinds of marks, their data, its two axes."""
    margins = scene.margins
    places = {"x": _axis(scene.x, across=True), "y": _axis(scene.y, across=False)}
    data = {layer.name: layer.data(scene.marks) for layer in _LAYERS}
    drafts = [_drafted(layer) for layer in _LAYERS if data[layer.name]]
    return {
        "datasets": data,
        "layer": [draft | {"encoding": places | draft["encoding"]} for draft in drafts],
        "width": frame.width - margins.left - margins.right,
        "height": (scene.height or frame.height) - margins.top - margins.bottom,
        "padding": {side: getattr(margins, side) for side in ("left", "right", "top", "bottom")},
        "autosize": {"type": "none"},
        "background": "transparent",
        "view": {"stroke": "transparent"},
        "config": {"font": FONT, "aria": False},
    }


@dataclass(frozen=True, slots=True)
class _Layer:
    """How one kind of mark is drafted by Altair, and what rows of data a mark gives."""

    kind: Kind
    draft: Callable[[altair.Chart], dict[str, Row]]
    rows: Callable[..., list[Row]]

    @property
    def name(self) -> str:
        """The name of its data in the specification."""
        return self.kind.__name__

    def data(self, marks: tuple[Mark, ...]) -> list[Row]:
        """Return the rows of all marks of its kind."""
        mine = (mark for mark in marks if isinstance(mark, self.kind))
        return [row for place, mark in enumerate(mine) for row in self.rows(mark, place)]


@cache
def _drafted(layer: _Layer) -> dict[str, Row]:
    """Return a layer as Altair writes it, checked against its schema once per process."""
    import altair as alt

    draft = layer.draft(alt.Chart(alt.NamedData(name=layer.name)))
    return {part: draft[part] for part in ("data", "mark", "encoding")}


def _checked(draft: altair.Chart) -> dict[str, Row]:
    """Have Altair check the draft against Vega-Lite's schema and write it down."""
    written: dict[str, Row] = draft.to_dict()
    return written


def _axis(axis: Axis, *, across: bool) -> Row:
    import altair as alt

    scale = alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False, reverse=axis.falls)
    drawn = None
    if axis.label:
        drawn = alt.Axis(
            values=list(axis.ticks),
            labelExpr=axis.label,
            labelColor=CODES["muted"],
            labelFontSize=11,
            labelPadding=6,
            labelOverlap=False,
            ticks=across,
            tickSize=4,
            tickColor=CODES["axis"],
            domain=across,
            domainColor=CODES["axis"],
            grid=not across,
            gridColor=CODES["grid"],
        )
    channel = alt.X if across else alt.Y
    named: Row = {"field": "x" if across else "y", "type": "quantitative"}
    written: Any = channel(scale=scale, axis=drawn, title=None).to_dict(validate=False)
    return {**written, **named}


def _bands(chart: altair.Chart) -> dict[str, Row]:
    import altair as alt

    return _checked(
        chart.mark_area().encode(alt.Y2("y2:Q"), _paint(alt.Fill), alt.Detail("series:N"))
    )


def _rules(chart: altair.Chart) -> dict[str, Row]:
    import altair as alt

    return _checked(
        chart.mark_rule().encode(
            alt.X2("x2:Q"),
            alt.Y2("y2:Q"),
            _paint(alt.Stroke),
            alt.StrokeDash("dash:N", scale=None),
            alt.StrokeWidth("width:Q", scale=None),
        )
    )


def _traces(chart: altair.Chart) -> dict[str, Row]:
    import altair as alt

    return _checked(
        chart.mark_line(strokeJoin="round").encode(
            _paint(alt.Stroke),
            alt.StrokeDash("dash:N", scale=None),
            alt.StrokeWidth("width:Q", scale=None),
            alt.Detail("series:N"),
            alt.Order("order:Q"),
        )
    )


def _dots(chart: altair.Chart) -> dict[str, Row]:
    import altair as alt

    return _checked(
        chart.mark_point(opacity=1, strokeWidth=1.75).encode(
            alt.Fill("fill:N", scale=None, legend=None),
            _paint(alt.Stroke),
            alt.Shape("shape:N", scale=None, legend=None),
            alt.Size("size:Q", scale=None, legend=None),
        )
    )


def _words(chart: altair.Chart) -> dict[str, Row]:
    import altair as alt

    by_datum: dict[str, Any] = {name: alt.ExprRef(f"datum.{name}") for name in _OWN}
    return _checked(chart.mark_text(**by_datum).encode(_paint(alt.Fill), alt.Text("text:N")))


def _paint(channel: Callable[..., object]) -> object:
    return channel("ink:N", scale=None, legend=None)


def _band_rows(band: Band, series: int) -> list[Row]:
    ink = CODES[band.ink]
    return [
        {"x": x, "y": low, "y2": high, "ink": ink, "series": series} for x, low, high in band.points
    ]


def _rule_rows(rule: Rule, _: int) -> list[Row]:
    return [
        {
            "x": rule.x,
            "y": rule.y,
            "x2": rule.x2,
            "y2": rule.y2,
            "ink": CODES[rule.ink],
            "dash": _DASHES[rule.dash],
            "width": rule.width,
        }
    ]


def _trace_rows(trace: Trace, series: int) -> list[Row]:
    ends = {"ink": CODES[trace.ink], "dash": _DASHES[trace.dash], "width": trace.width}
    return [
        {"x": x, "y": y, "series": series, "order": place, **ends}
        for place, (x, y) in enumerate(trace.points)
    ]


def _dot_rows(dot: Dot, _: int) -> list[Row]:
    stroked = dot.shape in _STROKED
    fill = "transparent" if stroked else CODES["surface" if dot.hollow else dot.ink]
    return [
        {
            "x": dot.x,
            "y": dot.y,
            "ink": CODES[dot.ink],
            "fill": fill,
            "shape": _SHAPES[dot.shape],
            "size": dot.size,
        }
    ]


def _word_rows(word: Word, _: int) -> list[Row]:
    return [
        {
            "x": word.x,
            "y": word.y,
            "text": markup.legible(word.text),
            "ink": CODES[word.ink],
            "align": word.align,
            "baseline": word.baseline,
            "dx": word.dx,
            "dy": word.dy,
            "fontSize": word.size,
            "fontWeight": 600 if word.bold else 400,
            "limit": word.limit,
        }
    ]


#: From back to front.
_LAYERS = (
    _Layer(Band, _bands, _band_rows),
    _Layer(Rule, _rules, _rule_rows),
    _Layer(Trace, _traces, _trace_rows),
    _Layer(Dot, _dots, _dot_rows),
    _Layer(Word, _words, _word_rows),
)
