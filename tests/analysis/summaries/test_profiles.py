"""A table becomes histograms and counts; what is no value is counted apart, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pytest

from headway.analysis.summaries import Engine, Table, embedded, from_arrow
from headway.analysis.summaries.buckets import ask_buckets
from headway.analysis.summaries.counts import ask_counts
from headway.analysis.summaries.fine import ask_fine
from headway.analysis.summaries.histograms import Counts, Gaps, Histogram, Scale
from headway.analysis.summaries.profiles import profile, profile_by
from headway.errors import Invalid

pa = pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with embedded(threads=1) as held:
        yield held


def table(engine: Engine, **columns: object) -> Table:
    return from_arrow(pa.table(columns), name="rows", engine=engine)


def histogram(engine: Engine, values: object, name: str = "x") -> Histogram:
    found = profile(table(engine, **{name: values})).columns[name].histogram
    assert found is not None
    return found


def test_the_engine_finds_the_same_buckets_as_the_arithmetic_here(engine: Engine) -> None:
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.lognormal(0, 3, 5000), -rng.lognormal(0, 3, 5000), [0.0, 1e300]])
    rows = table(engine, x=values)
    scale = Scale.of(values[:500])
    [told] = ask_buckets(rows, [rows.column("x")], [scale])
    here = Histogram.of_values(scale, *np.unique(values, return_counts=True)).coarsened()
    for part in ("bucket", "n", "low", "high"):
        assert getattr(told[""].histogram, part).tolist() == getattr(here, part).tolist()
    np.testing.assert_allclose(told[""].histogram.total, here.total, rtol=1e-12)


def test_null_nan_and_infinite_are_counted_apart(engine: Engine) -> None:
    values = [1.0, None, float("nan"), float("nan"), float("inf"), float("-inf"), 2.0, None, None]
    for rows in (values, [*values, *np.random.default_rng(0).normal(size=60_000)]):
        summary = profile(table(engine, x=pa.array(rows, pa.float64()))).columns["x"]
        assert summary.gaps == Gaps(nulls=3, nans=2, infinite=2)
        assert summary.n == len(rows) - 7
        assert summary.rows == len(rows)


def test_integers_beyond_the_doubles_keep_their_value(engine: Engine) -> None:
    found = histogram(engine, pa.array([2**62 + 1, 2**62 + 2, -(2**62)], pa.int64()))
    assert found.low.tolist() == [-(2**62), 2**62 + 1, 2**62 + 2]


def test_what_is_rounded_says_so(engine: Engine) -> None:
    told = profile(
        table(
            engine,
            price=pa.array([Decimal("1.10"), Decimal("2.20")], pa.decimal128(20, 2)),
            huge=pa.array([2**63 + 1, 5], pa.uint64()),
        )
    )
    assert told.columns["price"].notes == ("decimal(20, 2): compared as the nearest double.",)
    assert "beyond 64 bits" in told.columns["huge"].notes[0]
    assert told.columns["huge"].histogram.greatest == float(2**63 + 1)


def test_times_and_dates_are_seconds(engine: Engine) -> None:
    noon = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
    found = profile(
        table(engine, at=pa.array([noon], pa.timestamp("us", "UTC")), day=[noon.date()])
    )
    assert found.columns["at"].histogram.least == noon.timestamp()
    assert found.columns["day"].histogram.least == noon.timestamp() - 12 * 3600


def test_constant_empty_and_all_null_columns_are_answered(engine: Engine) -> None:
    told = profile(
        table(
            engine,
            same=np.full(9000, 7.5),
            none=pa.nulls(9000, pa.float64()),
            never=pa.nulls(9000, pa.string()),
            listed=pa.array([[1]] * 9000),
        )
    )
    assert told.rows == 9000
    assert told.columns["same"].histogram.n.tolist() == [9000]
    assert told.columns["none"].gaps == told.columns["never"].gaps == Gaps(nulls=9000)
    assert told.columns["none"].n == told.columns["never"].n == 0
    assert "not compared" in told.columns["listed"].notes[0]
    empty = profile(table(engine, x=pa.array([], pa.float64()), c=pa.array([], pa.string())))
    assert empty.rows == 0
    assert empty.columns["x"].n == empty.columns["c"].n == 0


def test_few_distinct_numbers_are_counted_by_value(engine: Engine) -> None:
    rng = np.random.default_rng(4)
    assert histogram(engine, np.round(rng.normal(50, 10, 50_000), 1)).by_value
    many = histogram(engine, rng.normal(size=50_000))
    assert not many.by_value
    assert many.count == 50_000
    assert len(many.n) <= 4097


def test_a_sorted_file_is_seen_through(engine: Engine) -> None:
    """The first rows are one end of the values: the scale is set anew from the whole."""
    values = np.sort(np.random.default_rng(6).normal(size=60_000))
    found = histogram(engine, values)
    assert found.n.max() / found.count < 0.002


def test_days_add_up_to_the_whole(engine: Engine) -> None:
    rng = np.random.default_rng(8)
    values, words = rng.normal(size=40_000), rng.choice(["a", "b", "c"], 40_000)
    whole = profile(table(engine, x=values, c=words))
    days = [
        profile(table(engine, x=values[part], c=words[part]), like=whole)
        for part in (slice(0, 15_000), slice(15_000, 15_900), slice(15_900, None))
    ]
    joined = days[0].columns["x"] + days[1].columns["x"] + days[2].columns["x"]
    assert joined.n == 40_000
    for part in ("bucket", "n", "low", "high"):
        mine, theirs = joined.histogram, whole.columns["x"].histogram.coarsened()
        assert getattr(mine, part).tolist() == getattr(theirs, part).tolist()
    counted = days[0].columns["c"] + days[1].columns["c"] + days[2].columns["c"]
    assert counted.counts.n == whole.columns["c"].counts.n


def test_identifiers_are_not_counted_one_by_one(engine: Engine) -> None:
    ids = [f"user-{n}" for n in range(5000)] + [None]
    told = profile(table(engine, id=ids)).columns["id"]
    assert told.counts is None
    assert told.gaps == Gaps(nulls=1)
    assert "identifiers" in told.notes[0]


def test_of_too_many_categories_the_most_frequent_are_kept(engine: Engine) -> None:
    rows = table(engine, c=["a"] * 5 + ["b"] * 3 + ["d", "e", None])
    [told] = ask_counts(rows, [rows.column("c")], most=3)
    assert told[""] == (Counts({"a": 5, "b": 3}, 2), Gaps(nulls=1))


def test_booleans_are_categories(engine: Engine) -> None:
    told = profile(table(engine, b=[True, False, None, True])).columns["b"]
    assert told.counts == Counts({"true": 2, "false": 1})


def test_a_bucket_can_be_read_value_by_value(engine: Engine) -> None:
    values = np.random.default_rng(9).normal(size=3000)
    scale = Scale(0.0, 1.0)
    bucket = np.unique(scale.bucket_of(values))[[3, 40]]
    rows = table(engine, x=pa.array([*values, None, float("nan")], pa.float64()))
    found = ask_fine(rows, rows.column("x"), scale, bucket)
    inside = np.isin(scale.bucket_of(values), bucket)
    assert found.low.tolist() == np.sort(values[inside]).tolist()


def test_segments_are_profiled_on_one_scale(engine: Engine) -> None:
    rng = np.random.default_rng(10)
    rows = table(
        engine,
        x=rng.normal(size=30_000),
        c=rng.choice(["u", "v"], 30_000),
        land=rng.choice(["DE", "FR"], 30_000),
    )
    parts, whole = profile_by(rows, "land"), profile(rows)
    assert list(parts) == ["DE", "FR"]
    assert sum(part.rows for part in parts.values()) == whole.rows
    joined = parts["DE"].columns["x"] + parts["FR"].columns["x"]
    assert joined.n == 30_000
    assert list(parts["DE"].columns) == ["x", "c"]


def test_too_many_segments_are_refused_by_name(engine: Engine) -> None:
    with pytest.raises(Invalid, match="column 'id' has more than 200"):
        profile_by(table(engine, id=list(range(500)), x=np.zeros(500)), "id")


def test_wide_tables_are_asked_some_columns_at_a_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prepared two at a time, and held instead of read again: the counts are the same."""
    rng = np.random.default_rng(11)
    rows = table(engine, **{f"x{n}": rng.normal(size=5000) for n in range(5)})
    before = profile(rows)
    monkeypatch.setattr("headway.analysis.summaries.each.WIDE", 1)
    monkeypatch.setattr("headway.analysis.summaries.each.PREPARED", 2)
    after = profile(rows)
    for name, one in before.columns.items():
        assert one.histogram.n.tolist() == after.columns[name].histogram.n.tolist()
