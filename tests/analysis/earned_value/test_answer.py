"""Earned value against published numbers, and its laws."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.earned_value.answer import Answer, Question, answer
from headway.analysis.earned_value.curve import PlannedCurve
from headway.analysis.earned_value.measures import FACTORS, Status, measured
from headway.analysis.earned_value.table import Row, read_curve, read_table
from headway.errors import Invalid

CASES = Path(__file__).parents[2] / "cases/earned_value"
WITHIN = 1e-4  # 0.01 %


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text())
    return found


def told(text: str, **more: Any) -> dict[str, Any]:
    document: dict[str, Any] = answer(read_table(text, "table.csv"), Question(**more)).as_json()
    return document


@pytest.fixture(scope="module")
def airport() -> tuple[dict[str, Any], Answer]:
    said = case("airport-check-in")
    rows = [
        Row(Decimal(at), Decimal(pv), Decimal(ev), Decimal(ac))
        for at, pv, ev, ac in zip(said["at"], said["pv"], said["ev"], said["ac"], strict=True)
    ]
    return said, answer(rows, Question())


def test_a_real_projects_thirteen_dates_are_those_published(
    airport: tuple[dict[str, Any], Answer],
) -> None:
    said, found = airport
    document = found.as_json()
    assert found.budget == Decimal(said["bac"])
    rows = document["rows"]
    assert isinstance(rows, list)
    for place, row in enumerate(rows):
        for key in ("spi", "cpi", "es", "spi_t"):
            assert row[key] == pytest.approx(said[key][place], rel=WITHIN), (key, place)
        for factor, values in said["eac_t"].items():
            assert row["eac_t"][factor] == pytest.approx(values[place], rel=WITHIN)


def test_spi_reads_one_at_the_end_of_a_late_job_and_spi_t_does_not(
    airport: tuple[dict[str, Any], Answer],
) -> None:
    last = airport[1].rows[-1][1]
    assert last.spi == 1
    assert last.spi_t == Decimal(9) / Decimal(13)


def test_the_textbooks_table_comes_out() -> None:
    said = case("textbook")
    document = told(said["table"])
    assert document["bac"] == "100000.00"
    assert len(document["rows"]) == 3
    row = document["rows"][-1]
    for key, value in said["last"].items():
        assert row[key] == (value if isinstance(value, str) else pytest.approx(value, rel=WITHIN))
    assert {key: row["eac"][key] for key in said["eac"]} == said["eac"]


def test_the_seven_estimates_use_the_seven_factors() -> None:
    status = Status(Decimal(40), Decimal(35), Decimal(63), Decimal(3))
    curve = PlannedCurve.of([(Decimal(at), Decimal(20 * at)) for at in range(1, 6)])
    found = measured(status, Decimal(100), curve)
    cpi, spi, spi_t = 35 / 63, 35 / 40, 1.75 / 3
    factors = (1, cpi, spi, spi_t, cpi * spi, cpi * spi_t, 0.8 * cpi + 0.2 * spi)
    for name, factor in zip(FACTORS, factors, strict=True):
        assert float(found.estimates[name] or 0) == pytest.approx(63 + 65 / factor)
    # The rest keeps the budget at 65 / 37, and the estimate by CPI at CPI itself.
    assert float(found.tcpi or 0) == pytest.approx(65 / 37)
    assert float(found.tcpi_to_estimate or 0) == pytest.approx(cpi)
    assert (
        measured(Status(Decimal(40), Decimal(0), Decimal(9)), Decimal(100)).tcpi_to_estimate is None
    )


def test_what_has_no_answer_is_null_with_a_sentence_and_never_zero() -> None:
    document = told("date,pv,ev,ac\n2026-01-31,0,0,0\n2026-02-28,100,0,120\n")
    first, second = document["rows"]
    assert (first["spi"], first["cpi"], first["es"], first["spi_t"]) == (None,) * 4
    assert first["eac"]["one"] == "100.00"
    assert second["tcpi"] is None
    assert second["eac"]["cpi"] is None
    assert "EAC by CPI: the factor is 0." in second["missing"]
    assert "TCPI: the budget is spent, so no pace can keep it." in second["missing"]


def test_days_count_to_their_end_and_a_finish_is_a_day() -> None:
    text = "date,pv,ev,ac\n2026-01-10,100,50,60\n"
    document = told(text, start=date(2026, 1, 1), planned_finish=date(2026, 1, 10))
    row = document["rows"][0]
    assert (row["at"], row["es"], row["spi_t"]) == (10.0, 5.0, 0.5)
    assert row["finish"] == {"one": "2026-01-15", "spi_t": "2026-01-20", "sci_t": "2026-01-22"}


def test_a_pause_in_the_plan_is_neither_early_nor_late() -> None:
    pause = [(Decimal(at), Decimal(value)) for at, value in ((2, 10), (6, 10), (8, 20))]
    curve = PlannedCurve.of(pause)
    assert curve is not None
    due = [curve.due(Decimal(10), Decimal(at)) for at in (1, 4, 7)]
    assert due == [2, 4, 6]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,pv,ev\n1,2,3\n", "the columns are date, pv, ev"),
        ("date,pv,ev,ac\n", "has no rows"),
        ("date,pv,ev,ac\n1,1,,\n", "No row has ev and ac"),
        ("date,pv,ev,ac\n1,1,1,\n", "line 2: ev and ac are given together"),
        ("date,pv,ev,ac\n1,NaN,1,1\n", "pv is 'NaN'"),
        ("date,pv,ev,ac\n1,-3,1,1\n", "pv is '-3'"),
        ('date,pv,ev,ac\n1,"1,000",1,1\n', "pv is '1,000'"),
        ("date,pv,ev,ac\nsoon,1,1,1\n", "date is 'soon'"),
        ("date,pv,ev,ac\n1,1,1,1\n1,2,2,2\n", "1 stands there twice"),
        ("date,pv,ev,ac\n1,1,1,1\n2026-01-01,2,2,2\n", "are mixed"),
        ("date,pv,ev,ac\n1,10,12,3\n", "12 is earned, more than the budget"),
        ("date,pv,ev,ac\n1,0,0,3\n", "The budget at completion is 0"),
        ('date,pv,ev,ac\n"1,1,1,1\n', "is not CSV"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said.replace("(", r"\(")):
        told(text)


def test_planned_value_that_falls_has_no_earned_schedule() -> None:
    document = told("date,pv,ev,ac\n1,50,10,10\n2,40,20,20\n3,100,30,30\n")
    assert [row["es"] for row in document["rows"]] == [None] * 3
    assert any("falls" in note for note in document["notes"])


def test_half_a_curve_dates_nothing_and_a_whole_one_does() -> None:
    text = "date,pv,ev,ac\n1,10,5,5\n2,20,10,10\n"
    half = told(text, budget=Decimal(100))
    assert half["rows"][-1]["es"] == 1.0
    assert half["rows"][-1]["eac_t"] == {"one": None, "spi_t": None, "sci_t": None}
    whole = read_curve("date,pv\n1,10\n2,20\n10,100\n", "curve.csv")
    assert told(text, curve=whole)["rows"][-1]["eac_t"]["spi_t"] == 20.0


amounts = st.decimals(0, 10_000, places=2)
curves = st.lists(amounts, min_size=1, max_size=8).map(
    lambda steps: [
        (Decimal(place + 1), sum(steps[: place + 1], Decimal(0))) for place in range(len(steps))
    ]
)


@settings(max_examples=40)
@given(curves, st.integers(1, 8), st.decimals("0.01", 10_000, places=2))
def test_earning_what_was_planned_is_on_time(
    points: list[tuple[Decimal, Decimal]], at: int, spent: Decimal
) -> None:
    curve = PlannedCurve.of(points)
    assert curve is not None
    when = min(Decimal(at), curve.duration)
    planned = curve.value_at(when)
    found = measured(Status(planned, planned, spent, when), max(curve.total, Decimal(1)), curve)
    assert found.earned_schedule == pytest.approx(when)
    assert when == 0 or found.spi_t == pytest.approx(1)


@settings(max_examples=40)
@given(curves, st.integers(0, 100), st.integers(0, 100))
def test_what_is_due_never_falls_as_more_is_earned(
    points: list[tuple[Decimal, Decimal]], less: int, more: int
) -> None:
    curve = PlannedCurve.of(points)
    assert curve is not None
    low, high = sorted((less, more))
    at = Decimal(3)
    first, second = (curve.due(curve.total * share / 100, at) for share in (low, high))
    assert first is not None
    assert second is not None
    assert first <= second


@settings(max_examples=40)
@given(amounts, amounts, amounts, st.integers(2, 1000))
def test_scaling_money_scales_every_estimate_and_no_index(
    planned: Decimal, earned: Decimal, spent: Decimal, by: int
) -> None:
    budget = max(planned, earned) + 1
    curve = PlannedCurve.of([(Decimal(2), planned), (Decimal(5), budget)])
    assert curve is not None
    scaled_curve = PlannedCurve.of([(Decimal(2), planned * by), (Decimal(5), budget * by)])
    one = measured(Status(planned, earned, spent, Decimal(2)), budget, curve)
    two = measured(
        Status(planned * by, earned * by, spent * by, Decimal(2)), budget * by, scaled_curve
    )
    assert one.spi_t == pytest.approx(two.spi_t)
    for name, value in one.estimates.items():
        scaled = two.estimates[name]
        assert (value is None) == (scaled is None)
        assert value is None or float(scaled or 0) == pytest.approx(float(value) * by)
