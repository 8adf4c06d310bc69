"""The moments of a trial's variants are those of its rows, and what does not count is counted."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.summaries import Engine, embedded, from_arrow
from headway.analysis.summaries.moments import Moments, is_precise
from headway.analysis.summaries.variants import Grouping, Measured, Variants, variants_of
from headway.errors import Invalid

N = 2000


@pytest.fixture(scope="module")
def engine() -> Any:
    with embedded(threads=1) as found:
        yield found


def _data() -> dict[str, Any]:
    rng = np.random.default_rng(11)
    arm = rng.integers(0, 2, N)
    before = rng.gamma(2.0, 10.0, N)
    value = 0.5 * before + rng.normal(1e7, 1.0, N) + arm
    return {
        "arm": arm,
        "variant": np.array(["control", "new"])[arm],
        "before": before,
        "value": value,
        "views": rng.poisson(4, N) + 1,
        "won": rng.random(N) < 0.3,
        "day": np.datetime64("2026-03-02") + rng.integers(0, 5, N),
    }


DATA = _data()


def _ask(engine: Engine, data: dict[str, Any], *metrics: Measured, **columns: str) -> Variants:
    rows = {name: column for name, column in data.items() if name != "arm"}
    grouping = Grouping(columns.pop("variant", "variant"), **columns)
    return variants_of(from_arrow(pa.table(rows), engine=engine), grouping, metrics)


def _same(found: Moments, wanted: Moments) -> None:
    assert found.n == wanted.n
    np.testing.assert_allclose(found.mean, wanted.mean, rtol=1e-12)
    np.testing.assert_allclose(found.cov, wanted.cov, rtol=1e-9, atol=1e-9)


def test_moments_are_those_of_the_rows_even_far_from_zero(engine: Engine) -> None:
    ratio = Measured("value", "views", "before")
    won = Measured("won", of_unit="max", is_binary=True)
    found = _ask(engine, DATA, ratio, won)
    for place, name in enumerate(found.names):
        of = DATA["variant"] == name
        columns = [DATA[column][of] for column in ratio.columns]
        _same(found.moments[0][place][0], Moments.of(*columns))
        _same(found.moments[1][place][0], Moments.of(DATA["won"][of]))
        assert found.units[place, 0] == of.sum()


def test_looks_add_up_to_the_whole(engine: Engine) -> None:
    whole = _ask(engine, DATA, Measured("value", "", "before"))
    by_day = _ask(engine, DATA, Measured("value", "", "before"), look="day")
    assert by_day.looks == tuple(f"2026-03-0{day}" for day in range(2, 7))
    assert by_day.units.sum(axis=1).tolist() == whole.units[:, 0].tolist()
    for place in (0, 1):
        _same(reduce(add, by_day.moments[0][place]), whole.moments[0][place][0])


def test_what_is_not_finite_is_counted_apart_and_a_missing_covariate_takes_the_mean(
    engine: Engine,
) -> None:
    value = [
        None if i % 7 == 0 else np.nan if i % 11 == 0 else np.inf if i % 13 == 0 else float(one)
        for i, one in enumerate(DATA["value"])
    ]
    before = [None if i % 5 == 0 else float(one) for i, one in enumerate(DATA["before"])]
    found = _ask(
        engine, {**DATA, "value": value, "before": before}, Measured("value", "", "before")
    )
    held = np.array([np.nan if one is None else one for one in value])
    counts = np.isfinite(held)
    known = np.array([np.nan if one is None else one for one in before])
    filled = np.where(np.isnan(known), np.nanmean(known[counts]), known)
    lost = [0, 0, 0]
    for place, name in enumerate(found.names):
        of = counts & (DATA["variant"] == name)
        _same(found.moments[0][place][0], Moments.of(held[of], filled[of]))
        one = found.lost[0][place]
        lost = [a + b for a, b in zip(lost, (one.null, one.nan, one.infinite), strict=True)]
        assert one.covariate == np.isnan(known[of]).sum()
    assert lost == [
        sum(one is None for one in value),
        int(np.isnan(held).sum()) - sum(one is None for one in value),
        int(np.isinf(held).sum()),
    ]


def test_a_units_rows_add_up_and_a_unit_in_two_variants_is_left_out(engine: Engine) -> None:
    rows = {
        "user": [1, 1, 2, 3, 3, 4, None],
        "variant": ["a", "a", "a", "a", "b", "b", "b"],
        "paid": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
        "won": [0, 1, 0, 1, 1, 1, 1],
        "before": [3.0, 5.0, 7.0, 1.0, 1.0, 9.0, 1.0],
    }
    found = _ask(
        engine,
        rows,
        Measured("paid", "", "before"),
        Measured("won", of_unit="max", is_binary=True),
        unit="user",
    )
    assert (found.rows, found.unassigned, found.exposed) == (7, 1, 1)
    assert found.units[:, 0].tolist() == [2, 1]
    _same(found.moments[0][0][0], Moments.of([3.0, 4.0], [4.0, 7.0]))
    _same(found.moments[1][0][0], Moments.of([1.0, 0.0]))
    assert found.moments[0][1][0].mean.tolist() == [32.0, 9.0]


def test_without_a_variant_all_rows_are_one(engine: Engine) -> None:
    found = _ask(engine, DATA, Measured("value", "", "before"), variant="")
    assert found.names == ("all",)
    _same(found.moments[0][0][0], Moments.of(DATA["value"], DATA["before"]))


def test_winsorising_pulls_both_tails_to_their_quantiles(engine: Engine) -> None:
    paid = np.arange(1000.0)
    rows = {"variant": np.array(["a", "b"])[np.arange(1000) % 2], "paid": paid}
    found = _ask(engine, rows, Measured("paid", trim=0.1))
    low, high = np.quantile(paid, [0.1, 0.9])
    _same(found.moments[0][0][0], Moments.of(np.clip(paid, low, high)[::2]))


@pytest.mark.parametrize(
    ("change", "metric", "words"),
    [
        ({"won": [2, 0, 1, 1]}, Measured("won", is_binary=True), "'won' of table has the value 2"),
        ({"won": [0.5, 0, 1, 1]}, Measured("won", is_binary=True), "values between"),
        ({"won": [-1, 0, None, 1]}, Measured("won", is_binary=True), "the value -1"),
        ({"views": [-3, 1, 1, 1]}, Measured("paid", "views"), "'views' of table has the value -3"),
        (
            {"paid": ["x", "y", "z", "w"]},
            Measured("paid"),
            r"'paid' of table is string \(it holds 'x'\)",
        ),
        ({}, Measured("pait"), "Did you mean 'paid'"),
        ({"variant": [None] * 4}, Measured("paid"), "no row with a variant"),
    ],
)
def test_values_that_a_metric_cannot_have_are_a_sentence(
    engine: Engine, change: dict[str, Any], metric: Measured, words: str
) -> None:
    rows = {
        "variant": pa.array(["a", "a", "b", "b"]),
        "paid": [1.0, 2.0, 3.0, 4.0],
        "won": [0, 1, 0, 1],
        "views": [1, 2, 3, 4],
    }
    if "variant" in change:
        change = {"variant": pa.array(change["variant"], pa.string())}
    with pytest.raises(Invalid, match=words):
        _ask(engine, {**rows, **change}, metric)


def test_a_table_without_rows_has_nothing_to_read_out(engine: Engine) -> None:
    rows = {"variant": pa.array([], pa.string()), "paid": pa.array([], pa.string())}
    with pytest.raises(Invalid, match="a heading and no row"):
        _ask(engine, rows, Measured("paid"))


def test_a_column_of_many_values_is_no_variant(engine: Engine) -> None:
    rows = {"variant": np.arange(100), "paid": np.ones(100)}
    with pytest.raises(Invalid, match="100 values in its first"):
        _ask(engine, rows, Measured("paid"))


def test_looks_are_days_and_each_row_has_one(engine: Engine) -> None:
    rows = {"variant": ["a", "b"], "paid": [1.0, 2.0], "at": ["soon", "later"]}
    with pytest.raises(Invalid, match="'at' of table is string; looks go by a date"):
        _ask(engine, rows, Measured("paid"), look="at")
    rows["at"] = [dt.datetime(2026, 3, 2, 23, 59, tzinfo=dt.UTC), None]
    with pytest.raises(Invalid, match="1 rows without a time"):
        _ask(engine, rows, Measured("paid"), look="at")


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.integers(1, 39))
@settings(max_examples=50, deadline=None)
def test_moments_of_parts_add_up_to_those_of_all(values: list[float], cut: int) -> None:
    at = min(cut, len(values) - 1)
    found, wanted = Moments.of(values[:at]) + Moments.of(values[at:]), Moments.of(values)
    assert found.n == wanted.n
    scale = max(1.0, max(map(abs, values)) ** 2)
    assert found.cov[0, 0] == pytest.approx(wanted.cov[0, 0], rel=1e-9, abs=1e-9 * scale)


def test_sums_far_from_their_mean_are_known_to_lose_digits() -> None:
    values = np.array([1e8, 1e8 + 1, 1e8 + 2])
    assert not is_precise(3, float(values.sum()), float((values**2).sum()))
    away = values - 1e8
    assert is_precise(3, float(away.sum()), float((away**2).sum()))
