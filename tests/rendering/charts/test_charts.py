"""Claims that hold for every chart: what may stand in a page, what is said, what stays the same."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from xml.etree import ElementTree

import pytest

from headway.rendering.charts import (
    BestSoFar,
    Chart,
    CostForecast,
    FinishOdds,
    Forecasted,
    Frame,
    Frontier,
    ItemWeight,
    JointOdds,
    MilestoneRow,
    Removal,
    Removals,
    RunPoint,
    SegmentRow,
    Segments,
    Weights,
    best_so_far,
    cost_curve,
    joint_odds,
    milestones,
    odds_over_time,
    quadrant,
    s_curve,
    segments,
    tornado,
)
from headway.rendering.charts.figure import as_figure
from headway.rendering.charts.inks import CLASSES, ON_PAPER

HOSTILE = "</svg><script>alert(1)</script>&\"'\x00\x1b\ud800 ${x} <img onerror=x>"
DAY = date(2027, 5, 7)


def _s_curve(frame: Frame, name: str) -> Chart:
    points = tuple((DAY + timedelta(days=7 * n), n / 10) for n in range(1, 10))
    previous = tuple((day - timedelta(days=20), share) for day, share in points)
    odds = FinishOdds(points, DAY, DAY + timedelta(days=50), DAY, DAY, None, previous, DAY)
    return s_curve(odds, frame)


def _odds(frame: Frame, name: str) -> Chart:
    return odds_over_time((Forecasted(DAY, 0.86, DAY), Forecasted(DAY, 0.43, None)), frame)


def _best(frame: Frame, name: str) -> Chart:
    start = datetime(2026, 10, 5, tzinfo=UTC)
    runs = (
        RunPoint(start, 0.9, "finished", name),
        RunPoint(start + timedelta(days=1), None, "failed", "b"),
        RunPoint(start + timedelta(days=2), 0.95, "finished", "c"),
    )
    return best_so_far(BestSoFar(runs, name, 0.94, start=0.8, interval=(0.93, 0.97)), frame)


def _milestones(frame: Frame, name: str) -> Chart:
    open_ = MilestoneRow(name, DAY, DAY, DAY + timedelta(days=9), DAY)
    return milestones(
        (open_, MilestoneRow("never", None, DAY, None), replace(open_, done=DAY)), frame
    )


def _segments(frame: Frame, name: str) -> Chart:
    rows = (SegmentRow(name, 0.9, 0.8, 0.95, 30), SegmentRow("none", None))
    return segments(Segments(rows, name, 0.92), frame)


def _cost(frame: Frame, name: str) -> Chart:
    spent = ((date(2026, 10, 1), Decimal(1000)), (date(2026, 11, 1), Decimal(5000)))
    p80 = Decimal(12_500)
    return cost_curve(CostForecast(spent, Decimal(12_000), name, DAY, Decimal(9000), p80), frame)


def _joint(frame: Frame, name: str) -> Chart:
    points = tuple((DAY + timedelta(days=n), Decimal(100 + 7 * n)) for n in range(20))
    best = Frontier(80, points[12:], points[15])
    return joint_odds(JointOdds(points, (best,), name, DAY, Decimal(150), 0.4), frame)


def _quadrant(frame: Frame, name: str) -> Chart:
    items = (
        ItemWeight(name, 0.9, 0.8, 0.6, "driver"),
        ItemWeight("sure", 1.0, None, 0.0, "steady"),
        ItemWeight("late", 0.1, 0.5, None, "latent"),
    )
    return quadrant(Weights(items), frame)


def _tornado(frame: Frame, name: str) -> Chart:
    rows = (
        Removal(name, "risk", 3.0, 9.5, 0.2, False, False),
        Removal("b", "item", -1.0, 0.01, 0.2, False, True),
        Removal("c", "item", None, 2.0, None, False, False),
    )
    return tornado(Removals(rows, name), frame)


EVERY = (
    _s_curve,
    _odds,
    _best,
    _milestones,
    _segments,
    _cost,
    _joint,
    _quadrant,
    _tornado,
)
every_chart = pytest.mark.parametrize("chart", EVERY, ids=lambda make: make.__name__[1:])
Make = Callable[[Frame, str], Chart]


def elements(svg: str) -> Iterator[tuple[str, dict[str, str]]]:
    for element in ElementTree.fromstring(svg).iter():
        yield element.tag.rpartition("}")[2], element.attrib


@every_chart
def test_a_chart_holds_nothing_that_a_strict_policy_forbids(chart: Make) -> None:
    for tag, attributes in elements(chart(Frame(), HOSTILE).svg):
        assert tag in {"svg", "title", "desc", "g", "path", "line", "rect", "text"}
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert not [n for n, value in attributes.items() if "(" in value and n != "transform"]


@every_chart
def test_hostile_words_stay_words(chart: Make) -> None:
    drawn = chart(Frame(), HOSTILE)
    assert "<script" not in drawn.svg
    assert "<script" not in as_figure(drawn)
    assert "\x00" not in as_figure(drawn)
    as_figure(drawn).encode()


@every_chart
def test_on_the_web_every_colour_is_a_class(chart: Make) -> None:
    for tag, attributes in elements(chart(Frame(), "name").svg):
        assert attributes.get("fill", "none") == "none", tag
        assert attributes.get("stroke", "none") == "none", tag
        assert set(attributes.get("class", "").split()) <= CLASSES


def test_the_style_sheet_has_a_rule_for_every_class() -> None:
    sheet = resources.files("headway.rendering.charts").joinpath("chart.css").read_text("utf-8")
    assert {name for name in CLASSES if f".{name} {{" not in sheet} == set()


@every_chart
def test_on_paper_every_colour_is_literal(chart: Make) -> None:
    svg = chart(Frame(palette="print"), "name").svg
    literal = set(ON_PAPER.values()) | {"none"}
    assert {
        value for _, a in elements(svg) for k, value in a.items() if k in {"fill", "stroke"}
    } <= (literal)
    assert "hw-fill" not in svg


@every_chart
def test_a_chart_is_named_for_those_who_do_not_see_it(chart: Make) -> None:
    drawn = chart(Frame(name="left"), "name")
    root = ElementTree.fromstring(drawn.svg)
    said = {child.get("id"): child.text for child in root[:2]}
    assert root.get("role") == "img"
    assert said[root.get("aria-labelledby")] == drawn.title
    assert said[root.get("aria-describedby")] == drawn.note


@every_chart
def test_a_chart_takes_the_width_of_its_place(chart: Make) -> None:
    root = ElementTree.fromstring(chart(Frame(width=340, height=220), "name").svg)
    assert root.get("width") == "100%"
    assert root.get("viewBox", "").startswith("0 0 340 ")


@every_chart
def test_every_row_of_the_table_has_every_column(chart: Make) -> None:
    drawn = chart(Frame(), "name")
    assert drawn.rows
    assert {len(row) for row in drawn.rows} == {len(drawn.columns)}


@every_chart
def test_a_title_is_a_sentence(chart: Make) -> None:
    assert chart(Frame(), "name").title.endswith(".")


@every_chart
def test_the_same_values_give_the_same_bytes_in_any_zone(
    chart: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = chart(Frame(), "name")
    monkeypatch.setitem(os.environ, "TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert chart(Frame(), "name") == before
    finally:
        monkeypatch.undo()
        time.tzset()


def test_ids_differ_between_two_charts_of_one_page() -> None:
    charts = [_s_curve(Frame(), ""), _odds(Frame(), ""), _s_curve(Frame(name="again"), "")]
    ids = [found for chart in charts for found in re.findall(r'\bid="([^"]+)"', chart.svg)]
    assert len(ids) == len(set(ids)) == 6


def test_what_a_person_reads_is_frozen() -> None:
    assert [field.name for field in fields(Chart)] == ["title", "svg", "columns", "rows", "note"]
    with pytest.raises(AttributeError):
        _cost(Frame(), "USD").title = "other"  # type: ignore[misc]


def test_every_ink_on_paper_differs_in_lightness_from_its_neighbour() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    ladder = [lightness(ON_PAPER[ink]) for ink in ("text", "c1", "muted", "axis", "band")]
    assert all(after - before > 0.08 for before, after in zip(ladder, ladder[1:], strict=False))
