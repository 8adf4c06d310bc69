"""Native charts of a deck: they open in an office program with their data, and can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from headway.rendering import phrases
from headway.rendering.report.blocks import Curve, Waterfall

#: Spreadsheets count days from here (the 1900 date system).
DAY_ZERO = date(1899, 12, 30)

#: The lines of the chart: the forecast of now, and the one of the last report.
_INKS = ("2F54B5", "8A8F98")
#: The parts of a waterfall: nothing under a step, the two ends, up, down.
_FALL_INKS = {"Ends": "57606A", "More": "C4622D", "Less": "1A7F4B"}


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape stands, in the units of the file (EMU)."""

    left: int
    top: int
    width: int
    height: int


def describe(frame: Any, words: str) -> None:  # noqa: ANN401 - python-pptx is not typed
    """Say in words what a shape shows, for those who cannot see it."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", words)


def curve_title(block: Curve) -> str:
    """Return the finding of the curve."""
    odds = block.odds
    chance = phrases.share(odds.p_on_time)
    target = phrases.day(odds.target)
    return f"Chance to meet {target}: {chance}; P80 {phrases.day(odds.p80)}"


def curve_chart(slide: Any, block: Curve, box: Box) -> Any:  # noqa: ANN401
    """Draw the chance to be finished by each day, the last report's beside it."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    odds = block.odds
    data: Any = XyChartData()  # type: ignore[no-untyped-call]
    curves = [(f"As of {phrases.day(odds.as_of)}", odds.points)]
    if len(odds.previous) > 1:
        curves.append((f"As of {phrases.day(odds.previous_as_of)}", odds.previous))
    # The same days for both: office programs draw only one of two lines with days of their own.
    days = sorted({day for _, points in curves for day, _ in points})
    for name, points in curves:
        series = data.add_series(name, number_format="0%")
        for day in days:
            series.add_data_point((day - DAY_ZERO).days, _chance_by(day, points))
    kind = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
    frame = slide.shapes.add_chart(kind, box.left, box.top, box.width, box.height, data)
    frame.name = "Chance to be finished by each day"
    describe(frame, curve_title(block))
    chart = frame.chart
    _inks(chart)
    chart.has_legend = len(curves) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    chart.has_title = False
    _axes(chart, days)
    return frame


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
    across.minimum_scale = (min(days) - DAY_ZERO).days
    across.maximum_scale = (max(days) - DAY_ZERO).days
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "d mmm yy", False
    across.has_major_gridlines = False
    up.minimum_scale, up.maximum_scale, up.major_unit = 0, 1, 0.2
    up.tick_labels.number_format, up.tick_labels.number_format_is_linked = "0%", False
    for axis in (across, up):
        axis.tick_labels.font.size = Pt(12)


def fall_chart(slide: Any, block: Waterfall, box: Box) -> Any:  # noqa: ANN401
    """Draw a bridge as stacked columns: from one end over its steps to the other.

    What carries a step is a column without ink; the steps hold the exact numbers of the table.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    levels, parts = _fallen(block)
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [block.start[0], *(title for title, _ in block.steps), block.end[0]]
    for name, values in parts.items():
        data.add_series(name, [None if value is None else float(value) for value in values])
    kind = XL_CHART_TYPE.COLUMN_STACKED
    frame = slide.shapes.add_chart(kind, box.left, box.top, box.width, box.height, data)
    frame.name = block.heading
    told = "; ".join(f"{title} {moved:+}" for title, moved in block.steps)
    describe(frame, f"{block.heading}: {told}")
    frame.chart.has_legend = frame.chart.has_title = False
    _dress(frame.chart, block, levels)
    return frame


def _number(value: date | Decimal) -> Decimal:
    """Return a day as spreadsheets count it, an amount as it is."""
    return value if isinstance(value, Decimal) else Decimal((value - DAY_ZERO).days)


def _fallen(block: Waterfall) -> tuple[list[Decimal], dict[str, list[Decimal | None]]]:
    """Return the levels that the bridge passes, and the values of each series."""
    first, last = _number(block.start[1]), _number(block.end[1])
    levels = [first]
    parts: dict[str, list[Decimal | None]] = {
        "Under": [None],
        "Ends": [first],
        "More": [None],
        "Less": [None],
    }
    for _, moved in block.steps:
        before, after = levels[-1], levels[-1] + moved
        levels.append(after)
        parts["Under"].append(min(before, after))
        parts["Ends"].append(None)
        parts["More"].append(moved if moved > 0 else None)
        parts["Less"].append(-moved if moved < 0 else None)
    for name, value in (("Under", None), ("Ends", last), ("More", None), ("Less", None)):
        parts[name].append(value)
    return [*levels, last], parts


def _dress(chart: Any, block: Waterfall, levels: Sequence[Decimal]) -> None:  # noqa: ANN401
    """Give the columns their inks, labels and a scale that begins near the lower end."""
    from pptx.util import Pt

    is_money = bool(block.currency)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for series in plot.series:
        _ink(series, _shown(series.name, is_money=is_money))
    up, across = chart.value_axis, chart.category_axis
    room = max((max(levels) - min(levels)) / 4, Decimal(1))
    up.minimum_scale, up.maximum_scale = float(min(levels) - room), float(max(levels) + room)
    up.tick_labels.number_format = "#,##0" if is_money else "d mmm yy"
    up.tick_labels.number_format_is_linked = False
    for axis in (up, across):
        axis.tick_labels.font.size = Pt(11)


def _shown(name: str, *, is_money: bool) -> str:
    """Return how a spreadsheet writes the values of a series; what is no step is not written."""
    amount = "#,##0.00" if is_money else "0.00"
    if name == "Ends":
        return amount if is_money else "d mmm yy"
    return f"+{amount};;;" if name == "More" else f'"{phrases.MINUS}"{amount};;;'


def _ink(series: Any, shown: str) -> None:  # noqa: ANN401
    """Colour a series and label it; what only carries a step has neither."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    if series.name == "Under":
        series.format.fill.background()
        return
    series.format.fill.solid()
    ink = RGBColor.from_string(_FALL_INKS[series.name])  # type: ignore[no-untyped-call]
    series.format.fill.fore_color.rgb = ink
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = shown, False
    labels.position = XL_LABEL_POSITION.INSIDE_END
    labels.font.size, labels.font.bold = Pt(11), True
    white = RGBColor.from_string("FFFFFF")  # type: ignore[no-untyped-call]
    labels.font.color.rgb = white
