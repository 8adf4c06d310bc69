"""Proposed rules hold for the table they came from, are read back, and say why they are as wide."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.quality import check, propose_rules, read_rules
from headway.analysis.quality.proposing import quoted, widened, wilson
from headway.analysis.summaries import embedded, from_arrow
from headway.errors import Invalid

AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
N = 200
ROWS = {
    "id": list(range(N)),
    "age": [n % 80 + 18 if n % 50 else None for n in range(N)],
    "country": [("DE", "no", "x: y")[n % 3] for n in range(N)],
    "score": [n / 7 for n in range(N)],
    "loss": [-float(n % 90) for n in range(N)],
    "day": [dt.date(2026, 1, 1)] * N,
    "fit": [True] * N,
    "price": [Decimal("0.10") * n for n in range(N)],
    "odd name: #1": ["same"] * N,
    "hole": pa.nulls(N, pa.string()),
    "big": [2**60 + n % 70 for n in range(N)],
    "tags": [["x"]] * N,
}


@pytest.fixture(scope="module")
def proposed() -> str:
    return propose_rules(from_arrow(pa.table(ROWS), name="people"))


def test_what_is_proposed_holds_for_the_table_it_came_from(proposed: str) -> None:
    answer = check(from_arrow(pa.table(ROWS)), read_rules(proposed.encode()), at=AT)
    assert answer.passed, [one.sentence for one in answer.checks if one.is_bad]
    assert len(answer.checks) > 2 * len(ROWS)


@pytest.mark.parametrize(
    "line",
    [
        "# Proposed from people: 200 rows. Review each rule: it says what",
        "    unique: true  # every value came once",
        "    nulls: 0.051  # 4 of 200; 95 % interval 0.78 % to 5.03 %",
        "    min: 10  # seen 18 to 97",
        "    max: 105",
        '    in: [DE, "no", "x: y"]  # 3 values in 200 rows, the rarest 66 times',
        "    max: 0",
        '  "odd name: #1":',
        "    # no value at all: nothing more to propose",
        "    # seen 2026-01-01 to 2026-01-01; add e.g. fresh: 24h",
    ],
)
def test_each_rule_says_what_was_seen(proposed: str, line: str) -> None:
    assert line in proposed.splitlines()


def test_a_table_without_rows_teaches_nothing() -> None:
    with pytest.raises(Invalid, match="has no rows"):
        propose_rules(from_arrow(pa.table({"a": pa.array([], pa.int64())})))


def test_few_rows_are_told() -> None:
    assert "So few rows show little" in propose_rules(from_arrow(pa.table({"a": [1, 2]})))


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(10, 100) == pytest.approx((0.0552291, 0.1743657), abs=1e-6)
    assert wilson(0, 100) == pytest.approx((0, 0.0369935), abs=1e-6)
    assert wilson(100, 100)[1] == 1


numbers = st.decimals(-(10**20), 10**20, allow_nan=False, places=3)


@given(numbers, numbers, st.booleans())
def test_a_range_is_widened_by_a_tenth_and_keeps_its_sign(
    one: Decimal, other: Decimal, whole: bool
) -> None:
    least, most = sorted(
        (one.to_integral_value() if whole else one, other.to_integral_value() if whole else other)
    )
    low, high = widened(least, most, whole=whole)
    assert low <= least <= most <= high
    assert least < 0 or low >= 0
    assert most > 0 or high <= 0
    assert not whole or (low == int(low) and high == int(high))


names = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() == text)
cells = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
        st.one_of(st.none(), st.text(max_size=8)),
        st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=10, deadline=None)
@given(st.lists(names, min_size=3, max_size=3, unique_by=str.casefold), cells)
def test_any_table_keeps_the_rules_proposed_from_it(
    heads: list[str], rows: list[tuple[float | None, str | None, int | None]]
) -> None:
    types = (pa.float64(), pa.string(), pa.int64())
    columns = [
        pa.array(list(values), type_)
        for values, type_ in zip(zip(*rows, strict=True), types, strict=True)
    ]
    with embedded(threads=1) as engine:
        table = from_arrow(pa.table(columns, names=heads), engine=engine)
        answer = check(table, read_rules(propose_rules(table).encode()), at=AT)
    assert answer.passed, [one.sentence for one in answer.checks if one.is_bad]


@pytest.mark.parametrize("text", ["no", "1:30", "", " x", "a: b", 'q"', "täg", "-", "x\ny", "#"])
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    rules = read_rules(f"columns: {{c: {{in: [{quoted(text)}]}}}}".encode()).rules
    assert rules[0].values == (text,)  # type: ignore[union-attr]
