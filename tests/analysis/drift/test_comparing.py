"""Tables against their reference: scipy's numbers, planted drifts, and what has no answer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance
from tests.analysis.drift import planted

from headway.analysis.drift import Drift, Rules, compare, compare_tables
from headway.analysis.drift.document import as_json
from headway.analysis.summaries import Engine, Table, embedded, from_arrow
from headway.errors import Invalid

pa = pytest.importorskip("pyarrow")
#: `make soak` asks the engine for more; CI counts these rows here.
ROWS = int(os.environ.get("HEADWAY_DRIFT_ROWS", "0"))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with embedded() as held:
        yield held


def table(engine: Engine, **columns: object) -> Table:
    return from_arrow(pa.table(columns), name="rows", engine=engine)


def against(
    engine: Engine, before: dict[str, object], now: dict[str, object], **more: object
) -> Drift:
    return compare_tables(table(engine, **before), table(engine, **now), **more)  # type: ignore[arg-type]


def test_scipy_lies_in_every_bracket_of_the_suite_at_100_000_rows(engine: Engine) -> None:
    a, b = (planted.table(seed, 100_000, drifts=seed > 1) for seed in (1, 2))
    answer = compare_tables(from_arrow(a, engine=engine), from_arrow(b, engine=engine))
    widest = 0.0
    for name, one in answer.columns.items():
        if name.startswith("c"):
            continue
        x, y = (side[name].drop_null().to_numpy() for side in (a, b))
        ks, area = ks_2samp(x, y, method="asymp").statistic, wasserstein_distance(x, y)
        bracket, wasserstein = one.column.ks, one.column.wasserstein
        assert bracket is not None
        assert wasserstein is not None
        assert bracket.low - 1e-12 <= ks <= bracket.high + 1e-12, name
        room = 1e-9 * max(1.0, area)
        assert wasserstein.low - room <= area <= wasserstein.high + room, name
        widest = max(widest, bracket.high - bracket.low)
    assert widest < 0.004
    _categories_are_scipys(answer, a, b)


def _categories_are_scipys(answer: Drift, a: pa.Table, b: pa.Table) -> None:
    for number, levels in enumerate(planted.CATEGORIES):
        name = f"c{number:02}"
        sides = [dict(_counts(side[name])) for side in (a, b)]
        f, g = (np.array([side.get(f"v{n}", 0) for n in range(levels)]) for side in sides)
        column = answer.columns[name].column
        expected = jensenshannon(f / f.sum(), g / g.sum(), base=2)
        assert column.js == pytest.approx(expected, rel=1e-12, abs=1e-10)
        if (f + g).min() >= 15:
            told = chi2_contingency([f, g], correction=False)
            assert column.chi2 is not None
            assert column.chi2.statistic == pytest.approx(told.statistic, rel=1e-12)


def _counts(column: pa.ChunkedArray) -> Iterator[tuple[str, int]]:
    for one in column.value_counts().to_pylist():
        yield one["values"], one["counts"]


def test_planted_drifts_are_found_and_nothing_else_over_twenty_seeds(engine: Engine) -> None:
    for seed in range(20):
        a, b = (planted.table(2 * seed + side, ROWS or 8000, drifts=side > 0) for side in (0, 1))
        if ROWS:
            tables = (from_arrow(one, engine=engine) for one in (a, b))
            answer = compare_tables(*tables)
        else:
            before = planted.counted(a)
            answer = compare(before, planted.counted(b, like=before))
        found = tuple(name for name, one in answer.columns.items() if one.drifted)
        assert found == planted.PLANTED, seed


def test_exact_brackets_are_closed(engine: Engine) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.lognormal(0, 2, 20_000), rng.lognormal(0.01, 2, 30_000)
    column = against(engine, {"x": x}, {"x": y}, exact=True).columns["x"].column
    ks = ks_2samp(x, y, method="asymp").statistic
    assert column.ks is not None
    assert column.ks.low == column.ks.high == pytest.approx(ks, abs=1e-12)
    assert column.wasserstein is not None
    assert column.wasserstein.low == pytest.approx(wasserstein_distance(x, y), rel=1e-9)
    assert column.wasserstein.high == pytest.approx(column.wasserstein.low, rel=1e-9)


def test_a_bracket_that_holds_the_bound_is_narrowed(engine: Engine) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=60_000), rng.normal(0.08, 1, 60_000)
    exact = ks_2samp(x, y, method="asymp").statistic
    wide = against(engine, {"x": x}, {"x": y}).columns["x"].column.ks
    assert wide is not None
    assert wide.low < exact <= wide.high
    noise = 1.9495 / np.sqrt(30_000)
    bound = float(np.sqrt(exact**2 - noise**2)) - 1e-9
    told = against(engine, {"x": x}, {"x": y}, rules=Rules(ks=bound)).columns["x"]
    assert told.column.ks is not None
    assert told.column.ks.low == told.column.ks.high == pytest.approx(exact, abs=1e-12)
    assert told.drifted


def test_values_that_went_missing_are_drift(engine: Engine) -> None:
    x = np.random.default_rng(5).normal(size=5000)
    gone = [None if n % 10 == 0 else float(value) for n, value in enumerate(x)]
    told = against(engine, {"x": x}, {"x": gone}).columns["x"]
    assert [test.name for test in told.drifting] == ["missing"]
    assert "moved by 10.00 points" in told.sentence
    assert "5,000 against 5,000" in told.sentence


def test_infinite_values_are_drift_of_their_own(engine: Engine) -> None:
    x = np.random.default_rng(6).normal(size=5000)
    y = np.where(np.arange(5000) % 20 == 0, np.inf, x)
    told = against(engine, {"x": x}, {"x": y}).columns["x"]
    assert "infinite" in [test.name for test in told.drifting]
    assert told.column.current is not None
    assert told.column.current.gaps.infinite == 250


def test_a_column_that_is_all_null_now_has_drifted(engine: Engine) -> None:
    x = np.arange(500.0)
    told = against(engine, {"x": x}, {"x": pa.nulls(500, pa.float64())}).columns["x"]
    assert told.drifted
    assert told.test is not None
    assert told.test.name == "missing"


def test_new_categories_are_told_and_rare_ones_are_not_new(engine: Engine) -> None:
    before = ["a"] * 2000 + ["b"] * 2000 + [f"rare{n}" for n in range(40)]
    now = ["a"] * 2000 + ["b"] * 2000 + [f"seldom{n}" for n in range(40)]
    told = against(engine, {"c": before}, {"c": now}).columns["c"]
    assert told.verdict == "met"
    assert told.column.new_share == pytest.approx(40 / 4040)
    came = against(engine, {"c": before}, {"c": [*now, *(["z"] * 100)]}).columns["c"]
    assert "new" in [test.name for test in came.drifting]


def test_high_cardinality_alone_is_no_drift(engine: Engine) -> None:
    """JS of equal data grows like √(k / n): 3,000 levels in 9,000 rows are far apart by chance."""
    rng = np.random.default_rng(7)
    words = np.array([f"w{n}" for n in range(3000)])
    a, b = (words[rng.integers(0, 3000, 9000)] for _ in range(2))
    told = against(engine, {"c": a}, {"c": b}).columns["c"]
    assert told.column.js is not None
    assert told.column.js > 0.2
    assert told.verdict == "met"


def test_too_few_values_are_not_judged(engine: Engine) -> None:
    told = against(engine, {"x": np.zeros(10)}, {"x": np.ones(5000)}).columns["x"]
    assert told.verdict == "insufficient"
    assert "at least 30" in told.sentence


NONE, NULLS = pa.array([], pa.float64()), pa.nulls(50, pa.float64())
ONES = [1.0] * 50


@pytest.mark.parametrize(
    ("before", "now", "verdict", "said"),
    [
        ({"x": ONES}, {"y": ONES}, "missing", "not in the current data"),
        ({"x": ONES}, {"x": ["a"] * 50}, "unmet", "was number in the reference and is text"),
        ({"x": ONES}, {"x": ONES}, "met", "no drift"),
        ({"x": ONES}, {"x": [2.0] * 50}, "unmet", "distance is 1"),
        ({"x": [True] * 50}, {"x": [False] * 50}, "unmet", "never had is 100.00 %"),
        ({"x": [[1]] * 50}, {"x": [[1]] * 50}, "not_applicable", "are not compared"),
        ({"x": NULLS}, {"x": NULLS}, "not_applicable", "no values on either side"),
        ({"x": NONE}, {"x": ONES}, "insufficient", "no values in the reference"),
    ],
)
def test_every_column_has_an_answer(
    engine: Engine, before: dict[str, object], now: dict[str, object], verdict: str, said: str
) -> None:
    answer = against(engine, before, now)
    assert answer.columns["x"].verdict == verdict
    assert said in answer.columns["x"].sentence
    assert answer.drifted == (verdict in ("unmet", "missing"))


def test_the_greatest_doubles_have_an_answer_and_a_document(engine: Engine) -> None:
    rng = np.random.default_rng(9)
    x = rng.uniform(-1, 1, 9000) * 1.7e308
    for values in (x, x[:500]):
        answer = against(engine, {"x": values}, {"x": values})
        assert answer.columns["x"].verdict == "met"
        json.dumps(as_json(answer), allow_nan=False)


def test_times_are_judged_only_by_name(engine: Engine) -> None:
    first, later = (
        {"at": pa.array(range(start, start + 5000), pa.timestamp("s"))} for start in (0, 90_000)
    )
    assert against(engine, first, later).columns["at"].verdict == "not_applicable"
    assert against(engine, first, later, names=["at"]).columns["at"].drifted


def test_drift_of_one_segment_is_told_by_its_name(engine: Engine) -> None:
    rng = np.random.default_rng(8)
    land = rng.choice(["DE", "FR", "PL"], 15_000)
    x = rng.normal(size=15_000)
    y = rng.normal(size=15_000) + np.where(land == "PL", 0.5, -0.25)
    answer = against(engine, {"x": x, "land": land}, {"x": y, "land": land}, by="land")
    assert {name for name, part in answer.segments.items() if part["x"].drifted} >= {"PL"}
    assert "by land" in answer.sentence()
    same = against(engine, {"x": x, "land": land}, {"x": x, "land": land}, by="land")
    assert not same.drifted
    assert list(same.segments) == ["DE", "FR", "PL"]
    assert same.notes == ()
    some = [None, None, *land[2:].tolist()]
    told = against(engine, {"x": x, "land": some}, {"x": x, "land": land}, by="land")
    assert told.notes == (
        "2 rows of the reference and 0 current ones have no value of land: they are in no segment.",
    )


def test_columns_that_only_the_current_data_have_are_named(engine: Engine) -> None:
    answer = against(engine, {"x": [1.0] * 50}, {"x": [1.0] * 50, "z": [1.0] * 50})
    assert answer.added == ("z",)
    assert not answer.drifted


def test_a_column_that_is_not_there_is_said(engine: Engine) -> None:
    with pytest.raises(Invalid, match="has no column 'y'"):
        against(engine, {"x": [1.0]}, {"x": [1.0]}, names=["y"])
