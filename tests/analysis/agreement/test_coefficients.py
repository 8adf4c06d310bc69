"""Coefficients: published vectors, and the laws that hold for any ratings."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.agreement import (
    Agreement,
    Ratings,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    ratings_of,
)
from headway.errors import Invalid

PUBLISHED = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "agreement" / "published.yaml").read_text()
)
Triple = tuple[int, int, int]


def of_rows(rows: list[str]) -> Ratings:
    triples = [
        (item, rater, int(word) if word.isdigit() else word)
        for rater, row in enumerate(rows)
        for item, word in enumerate(row.split())
        if word != "."
    ]
    return _of(triples)


def _of(triples: list[Any]) -> Ratings:
    columns: tuple[list[Any], ...] = tuple(map(list, zip(*triples, strict=True))) or ([], [], [])
    return ratings_of(*columns)


def of_counts(counts: list[str]) -> Ratings:
    """Return ratings with these counts: items × categories."""
    triples = []
    for item, row in enumerate(counts):
        said = [label for label, count in enumerate(map(int, row.split())) for _ in range(count)]
        triples += [(item, rater, label) for rater, label in enumerate(said)]
    return _of(triples)


def of_table(table: list[str]) -> Ratings:
    """Return two raters' ratings with this cross table."""
    pairs = [
        (first, second)
        for first, row in enumerate(table)
        for second, count in enumerate(map(int, row.split()))
        for _ in range(count)
    ]
    return _of([(item, rater, pair[rater]) for item, pair in enumerate(pairs) for rater in (0, 1)])


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_krippendorffs_own_for_four_coders_with_missing_values(metric: str) -> None:
    case = PUBLISHED["alpha"]
    found = krippendorff_alpha(of_rows(case["rows"]), metric)
    assert found.value == pytest.approx(case[metric], abs=5e-4)
    assert (found.items, found.raters, found.ratings) == (11, 4, 40)
    assert (found.low or 0) < case[metric] < (found.high or 0) <= 1


def test_the_other_coefficients_are_as_published() -> None:
    case = PUBLISHED["alpha_two_raters"]
    found = krippendorff_alpha(of_rows(case["rows"])).value
    assert found == pytest.approx(case["nominal"], abs=5e-4)
    for case in PUBLISHED["fleiss"]:
        found = fleiss_kappa(of_counts(case["counts"])).value
        assert found == pytest.approx(case["kappa"], abs=5e-4), case["source"]
    for case in PUBLISHED["cohen"]:
        found = cohen_kappa(of_table(case["table"]), case["weights"]).value
        assert found == pytest.approx(case["kappa"], abs=5e-5), case["source"]


def test_the_interval_is_about_the_published_standard_error() -> None:
    # Landis and Koch's table: the asymptotic error is 0.05046, so 95 % reach 0.0989 to each side.
    found = cohen_kappa(of_table(PUBLISHED["cohen"][3]["table"]))
    assert found.low == pytest.approx(0.2079 - 0.0989, abs=0.015)
    assert found.high == pytest.approx(0.2079 + 0.0989, abs=0.015)
    assert found == cohen_kappa(of_table(PUBLISHED["cohen"][3]["table"]))


def test_what_is_undefined_has_no_number_and_says_why() -> None:
    alone = _of([(0, "a", "x"), (1, "b", "y")])
    one = _of([(item, rater, "x") for item in range(5) for rater in "ab"])
    words = _of([(item, rater, "xy"[item % 2]) for item in range(5) for rater in "ab"])
    three = _of([(item, rater, item % 2) for item in range(4) for rater in "abc"])
    answers = [
        (krippendorff_alpha(alone), "two annotators"),
        (fleiss_kappa(ratings_of([], [], [])), "two annotators"),
        (cohen_kappa(one), "one label"),
        (krippendorff_alpha(words, "interval"), "no numbers"),
        (cohen_kappa(three), "compares two"),
        (krippendorff_alpha(_of([(0, 0, -1), (0, 1, 2)]), "ratio"), "negative"),
    ]
    for found, why in answers:
        assert (found.value, found.low, found.high) == (None, None, None)
        assert why in found.sentence


def test_no_disagreement_seen_is_not_certainty() -> None:
    few, many = (
        krippendorff_alpha(_of([(i, r, i % 2) for i in range(n) for r in "ab"])) for n in (6, 200)
    )
    assert (few.value, few.high, few.method) == (1.0, 1.0, "exact")
    assert few.low is not None
    assert many.low is not None
    assert few.low < 0.2 < 0.9 < many.low < 1


def test_ratings_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(Invalid, match="twice"):
        ratings_of([1, 1], ["a", "a"], [0, 1])
    with pytest.raises(Invalid, match="NaN"):
        ratings_of([1], ["a"], [float("nan")])
    with pytest.raises(Invalid, match="items"):
        ratings_of([1], ["a"], [])
    with pytest.raises(Invalid, match="order"):
        ratings_of([1], ["a"], ["huge"], order=["low", "high"])


def test_an_order_of_words_is_the_order_of_the_scale() -> None:
    said = [("low", "low"), ("low", "mid"), ("mid", "mid"), ("high", "high"), ("high", "mid")] * 4
    items = [place for place in range(len(said)) for _ in (0, 1)]
    labels = [label for pair in said for label in pair]
    ranked = ratings_of(items, ["a", "b"] * len(said), labels, order=["low", "mid", "high"])
    by_text = ratings_of(items, ["a", "b"] * len(said), labels)  # high, low, mid
    right, wrong = (krippendorff_alpha(one, "ordinal").value for one in (ranked, by_text))
    assert right is not None
    assert wrong is not None
    assert right > wrong
    quadratic = cohen_kappa(ranked, "quadratic").value
    assert quadratic is not None
    assert quadratic > (cohen_kappa(ranked).value or 1)


def test_a_million_ratings_take_a_second() -> None:
    rng = np.random.default_rng(0)
    count = 500_000
    true = rng.integers(0, 10, count)
    noisy = rng.random((2, count)) < 0.08
    said = np.where(noisy, rng.integers(0, 10, (2, count)), true).ravel()
    items, raters = np.tile(np.arange(count), 2), np.repeat([0, 1], count)
    ratings = Ratings(items, raters, said, tuple(range(10)))
    began = time.process_time()
    found = krippendorff_alpha(ratings)
    assert time.process_time() - began < 3  # some 0.5 s, on a busy machine
    # Each is right with 0.928; two agree with about 0.928² + 9 · 0.008², beyond 1 in 10 by chance.
    assert found.value == pytest.approx((0.928**2 + 9 * 0.008**2 - 0.1) / 0.9, abs=0.003)
    assert found.method == "jackknife"
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low < 0.005


_TRIPLES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 2)), st.integers(0, 3), min_size=2, max_size=24
).map(lambda found: [(item, rater, label) for (item, rater), label in found.items()])


@given(_TRIPLES, st.permutations(range(8)), st.permutations(range(4)), st.randoms())
@settings(max_examples=12, deadline=None)
def test_names_and_order_do_not_matter(
    triples: list[Triple], items: list[int], labels: list[int], rng: Any
) -> None:
    renamed = [(items[item], 9 - rater, f"L{labels[label]}") for item, rater, label in triples]
    rng.shuffle(renamed)
    for measure in (krippendorff_alpha, fleiss_kappa, cohen_kappa):
        before, after = _value(measure, triples), _value(measure, renamed)
        assert before == pytest.approx(after, abs=1e-9) if before is not None else after is None


def _value(measure: Any, triples: list[Any]) -> float | None:
    found: Agreement = measure(_of(triples))
    assert found.value is None or found.value <= 1
    return found.value


@given(st.integers(2, 5), st.lists(st.lists(st.integers(0, 2), min_size=5, max_size=5), min_size=2))
@settings(max_examples=12, deadline=None)
def test_alpha_is_fleiss_kappa_but_for_the_size_of_the_sample(
    raters: int, rows: list[list[int]]
) -> None:
    triples = [(item, r, row[r]) for item, row in enumerate(rows) for r in range(raters)]
    alpha, kappa = _value(krippendorff_alpha, triples), _value(fleiss_kappa, triples)
    if kappa is None:
        assert alpha is None
    else:
        assert alpha == pytest.approx(kappa + (1 - kappa) / len(triples), abs=1e-9)
