"""Two versions on the same rows: what differs is shown, what does not is not made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headway.analysis.segments.comparing import (
    CompareQuestion,
    Comparison,
    compare,
    mcnemar,
)
from headway.errors import Invalid


def rows(seed: int, n: int, better: float = 0.0) -> dict[str, Any]:
    """Two noisy versions of one score; the second with less noise where it is `better`."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.4
    signal = rng.normal(size=n) + truth
    noisy = [signal + rng.normal(size=n), signal + (1 - better) * rng.normal(size=n)]
    return {"y": truth, **{name: 1 / (1 + np.exp(-z)) for name, z in zip("ab", noisy, strict=True)}}


@pytest.fixture
def told(table_of: Any) -> Any:
    def tell(columns: Any, are_scores: bool = True, **asked: Any) -> Comparison:
        question = CompareQuestion("y", "a", "b", are_scores, **{"resamples": 300} | asked)
        return compare(table_of(**columns), question)

    return tell


def test_a_better_version_is_shown_and_the_other_way_round_it_is_worse(told: Any) -> None:
    found = told(rows(1, 4000, better=0.6))
    assert found.verdict == "better"
    assert found.is_good
    columns = rows(1, 4000, better=0.6)
    turned = told({"y": columns["y"], "a": columns["b"], "b": columns["a"]})
    assert turned.verdict == "worse"
    assert turned.differences["auc"].value == pytest.approx(-found.differences["auc"].value)
    assert turned.p == pytest.approx(found.p)
    loss = told(rows(1, 4000, better=0.6), metric="log_loss")
    assert loss.differences["log_loss"].value < 0
    assert loss.verdict == "better"


def test_a_version_against_itself_shows_no_difference(told: Any) -> None:
    columns = rows(2, 500)
    found = told(columns | {"b": columns["a"]})
    assert found.verdict == "no difference shown"
    assert all(one.value == one.low == one.high == 0 for one in found.differences.values())
    assert (found.discordant.exact_p, found.discordant.mid_p) == (1.0, 1.0)
    assert not found.is_good


def test_a_margin_asks_whether_it_is_not_worse(told: Any) -> None:
    wide = told(rows(3, 4000), margin=0.05)
    assert (wide.verdict, wide.not_worse, wide.is_good) == ("no difference shown", True, True)
    narrow = told(rows(3, 100), margin=0.001)
    assert (narrow.not_worse, narrow.is_good) == (False, False)


def test_few_rows_compare_nothing(told: Any) -> None:
    found = told(rows(4, 20, better=1.0), margin=0.5)
    assert (found.verdict, found.not_worse) == ("insufficient", False)
    empty = told({"y": [True, None], "a": [0.2, 0.3], "b": [None, 0.4]})
    assert (empty.n, empty.verdict) == (0, "insufficient")
    one_class = told(
        {name: values[:50] for name, values in rows(5, 60).items()} | {"y": [True] * 50}
    )
    assert one_class.verdict == "insufficient"


def test_only_rows_that_both_answered_count(told: Any) -> None:
    columns = rows(6, 200)
    columns["a"][:10] = np.nan
    columns["b"][5:20] = np.nan
    assert told(columns).n == 180


def test_the_same_seed_gives_the_same_bits_and_any_seed_about_the_same(told: Any) -> None:
    columns = rows(7, 3000, better=0.5)
    one, same, other = (told(columns, seed=seed, metric="brier") for seed in (1, 1, 2))
    assert one.differences == same.differences
    assert one.differences["brier"] != other.differences["brier"]
    assert one.differences["brier"].low == pytest.approx(other.differences["brier"].low, rel=0.2)


def test_drawing_groups_is_as_wide_as_the_formula_for_a_mean(told: Any) -> None:
    columns = rows(8, 9000)
    found = told(columns, metric="brier", resamples=2000).differences["brier"]
    losses = [(columns[name] - columns["y"]) ** 2 for name in "ab"]
    error = (losses[1] - losses[0]).std(ddof=1) / 9000**0.5
    assert found.value == pytest.approx((losses[1] - losses[0]).mean())
    assert (found.high - found.low) / (2 * 1.96 * error) == pytest.approx(1, abs=0.08)


def test_delongs_paired_interval_is_as_wide_as_drawing_rows_again(told: Any) -> None:
    columns = rows(9, 600, better=0.4)
    found = told(columns).differences["auc"]
    rng = np.random.default_rng(0)
    drawn = [
        _gap({n: v[at] for n, v in columns.items()})
        for at in (rng.integers(0, 600, 600) for _ in range(400))
    ]
    assert found.value == pytest.approx(_gap(columns), abs=1e-12)
    assert (found.high - found.low) / (2 * 1.96 * np.std(drawn)) == pytest.approx(1, abs=0.12)


def _gap(columns: dict[str, Any]) -> float:
    truth = columns["y"]
    area = [np.sign(columns[n][truth][:, None] - columns[n][~truth]).mean() / 2 for n in "ab"]
    return float(area[1] - area[0])


def test_mcnemar_is_the_binomial() -> None:
    # 6 against 16 discordant rows: 2 P(X <= 6), X ~ B(22, 1/2), by summing the binomial
    exact, mid = mcnemar(6, 16)
    assert exact == pytest.approx(2 * 110_056 / 2**22, abs=1e-12)
    assert mid == pytest.approx(exact - 74_613 / 2**22, abs=1e-12)
    assert mcnemar(16, 6) == mcnemar(6, 16)
    assert mcnemar(0, 0) == (1.0, 1.0)
    assert mcnemar(1, 1) == (1.0, pytest.approx(0.75))
    assert mcnemar(120_000, 130_000)[0] < 1e-80


def test_classes_and_numbers_are_compared_too(told: Any) -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 600)
    guesses = [
        np.where(rng.random(600) < right, truth, rng.integers(0, 3, 600)) for right in (0.5, 0.8)
    ]
    found = told({"y": truth, "a": guesses[0], "b": guesses[1]}, are_scores=False)
    assert (found.metric, found.verdict) == ("f1_macro", "better")
    assert found.discordant.only_second > found.discordant.only_first
    number = rng.normal(size=300)
    columns = {
        "y": number,
        "a": number + rng.normal(size=300),
        "b": number + 3 * rng.normal(size=300),
    }
    worse = told(columns, are_scores=False)
    assert (worse.metric, worse.verdict, worse.discordant) == ("rmse", "worse", None)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"margin": -1.0}, "margin"),
        ({"resamples": 5}, "resamples"),
        ({"metric": "rmse"}, "can't be told"),
        ({"confidence": 0.2}, "confidence"),
    ],
)
def test_a_bad_question_is_a_sentence(told: Any, asked: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        told(rows(1, 40), **asked)


def test_one_version_twice_is_refused(table_of: Any) -> None:
    with pytest.raises(Invalid, match="two columns"):
        compare(table_of(**rows(1, 40)), CompareQuestion("y", "a", "a", are_scores=True))
