"""Fit: learnt by heart, learnt too little, or good; and whether the test can be trusted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from headway.analysis.segments.baseline import constant_value
from headway.analysis.segments.fit import Fit, FitQuestion, fit
from headway.analysis.segments.judging import Verdict
from headway.analysis.segments.learning import curve_of
from headway.analysis.segments.task import Columns, answers_of
from headway.errors import Invalid

NUMBER = Columns("y", prediction="p")
SCORED = Columns("y", score="p")


def numbers(seed: int, n: int, noise: float, **more: Any) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(150, 77, n)
    return {"y": truth, "p": truth + rng.normal(0, noise, n), **more}


def scored(seed: int, n: int, lift: float, **more: Any) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.5
    return {"y": truth, "p": 1 / (1 + np.exp(-rng.normal(size=n) - lift * (truth - 0.5))), **more}


@pytest.fixture
def told(table_of: Any) -> Any:
    """Return a function that judges training and test columns."""

    def tell(train: Any, test: Any, columns: Columns = SCORED, **asked: Any) -> Fit:
        return fit(table_of(**train), table_of(**test), FitQuestion(columns, **asked))

    return tell


def test_a_booster_that_knows_training_by_heart_is_overfit(told: Any) -> None:
    # as in the sample program: R2 1.00 in training, about 0.29 in test, 0.60 promised
    found = told(numbers(1, 309, 1.0), numbers(2, 133, 65.0), NUMBER, metric="r2", target=0.6)
    assert found.train.value == pytest.approx(1.0, abs=0.001)
    assert found.test.value == pytest.approx(0.29, abs=0.15)
    assert found.gap.value == pytest.approx(found.train.value - found.test.value)
    assert found.verdict == "over"
    assert "overfit" in found.sentence
    assert found.target.verdict is Verdict.UNMET
    assert not found.is_good


def test_a_loss_that_grows_is_a_gap_above_0(told: Any) -> None:
    found = told(numbers(1, 300, 10.0), numbers(2, 300, 40.0), NUMBER, metric="rmse")
    assert found.gap.value == pytest.approx(30, abs=4)
    assert found.verdict == "over"
    same = told(numbers(1, 3000, 10.0), numbers(2, 3000, 10.0), NUMBER, metric="rmse")
    assert same.verdict == "good"


def test_equal_halves_of_enough_rows_are_good_and_of_few_are_not_shown(told: Any) -> None:
    enough = told(scored(1, 5000, 2.0), scored(2, 5000, 2.0), target=0.85)
    assert (enough.verdict, enough.is_good) == ("good", True)
    few = told(scored(1, 60, 2.0), scored(2, 60, 2.0))
    assert few.verdict == "insufficient"
    assert "not shown" in few.sentence


def test_a_model_that_misses_the_target_in_training_is_underfit(told: Any) -> None:
    found = told(scored(1, 3000, 0.8), scored(2, 3000, 0.8), target=0.9)
    assert found.verdict == "under"
    assert "training itself does not reach 0.9" in found.sentence


def test_a_model_no_better_than_one_answer_is_underfit(told: Any) -> None:
    found = told(scored(1, 3000, 0.0), scored(2, 3000, 0.0))
    assert found.verdict == "under"
    assert found.constant == 0.5
    assert "one constant answer" in found.sentence


def test_ids_in_both_make_the_test_no_evidence(told: Any) -> None:
    train = scored(1, 5000, 2.0, id=np.arange(5000))
    found = told(train, scored(2, 5000, 2.0, id=np.arange(4900, 9900)), ids="id")
    assert found.verdict == "insufficient"
    assert "100 of 5,000 values of id" in found.sentence
    apart = told(train, scored(2, 5000, 2.0, id=np.arange(5000, 10_000)), ids="id")
    assert apart.verdict == "good"


def test_rows_that_are_in_both_are_counted(told: Any) -> None:
    rng = np.random.default_rng(0)
    features = {name: rng.normal(size=200) for name in "abc"}
    train, test = scored(1, 200, 2.0, **features), scored(2, 100, 2.0)
    test |= {name: np.append(values[:10], rng.normal(size=90)) for name, values in features.items()}
    test["y"][:10] = train["y"][:10]
    (hint,) = told(train, test).hints
    assert (hint.kind, hint.count, hint.of) == ("rows", 10, 100)


def test_a_test_from_before_training_ended_is_told(told: Any) -> None:
    day = datetime(2026, 1, 1)  # noqa: DTZ001  a column without a zone
    days = [day + timedelta(days=at) for at in range(200)]
    found = told(
        scored(1, 100, 2.0, at=days[:100]), scored(2, 100, 2.0, at=days[90:190]), time="at"
    )
    hint = found.hints[-1]
    assert (hint.kind, hint.found, hint.count) == ("time", True, 10)
    after = told(scored(1, 100, 2.0, at=days[:100]), scored(2, 100, 2.0, at=days[100:]), time="at")
    assert not after.hints[-1].found
    empty = told(
        scored(1, 2, 2.0, at=[day, day]),
        scored(2, 2, 2.0, at=np.array([None, None], "M8[us]")),
        time="at",
    )
    assert empty.hints[-1].found
    assert "not known" in empty.hints[-1].sentence


@pytest.mark.parametrize(
    ("train", "test", "asked", "said"),
    [
        ({}, {}, {"metric": "rmse"}, "can't be told of both"),
        ({}, {}, {"target": float("nan")}, "target"),
        ({}, {}, {"max_gap": -1.0}, "greatest gap"),
        ({"id": [1, 2]}, {}, {"ids": "id"}, "no column 'id'"),
        ({"id": ["a", "b"]}, {"id": ["c", "d"]}, {"time": "id"}, "no order in time"),
    ],
)
def test_a_bad_question_is_a_sentence(
    told: Any, train: Any, test: Any, asked: Any, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        told({"y": [0, 1], "p": [0.2, 0.4]} | train, {"y": [0, 1], "p": [0.2, 0.4]} | test, **asked)


def test_training_says_which_value_is_positive(told: Any) -> None:
    train = {"y": [0, 1] * 50, "p": [0.2, 0.7] * 50}
    found = told(train, {"y": [0] * 50, "p": [0.2] * 50}, metric="accuracy")
    assert found.test.value == 1.0
    empty = told(train, {"y": [None] * 2, "p": [0.2] * 2}, metric="accuracy")
    assert empty.test.value is None
    assert empty.verdict == "insufficient"


def test_the_constant_answer_is_the_best_of_its_kind(table_of: Any) -> None:
    found = answers_of(table_of(y=[0, 0, 0, 1], p=[0.1, 0.2, 0.3, 0.4]), SCORED)
    assert constant_value("accuracy", found) == 0.75
    assert constant_value("brier", found) == pytest.approx(0.1875)
    assert constant_value("log_loss", found) == pytest.approx(0.5623351446)
    assert constant_value("f1", found) == pytest.approx(0.4)
    classes = answers_of(table_of(y=[0, 1, 2, 2], p=[0, 1, 2, 2]), NUMBER)
    assert constant_value("accuracy", classes) == 0.5
    assert constant_value("f1_macro", classes) == pytest.approx(2 / 9)
    numbers_ = answers_of(table_of(y=[0.5, 1.5, 4.0], p=[1.0, 1.0, 1.0]), NUMBER)
    assert constant_value("mae", numbers_) == pytest.approx(3.5 / 3)
    assert constant_value("r2", numbers_) == 0.0


def curve(table_of: Any, train: list[float], test: list[float], **asked: Any) -> Any:
    sizes = [100 * 2**at for at in range(len(train))]
    told = {"metric": "auc", "target": None, "max_gap": None} | asked
    return curve_of(table_of(size=sizes, train=train, test=test), **told)


def test_a_curve_says_over_under_good_and_what_more_data_brings(table_of: Any) -> None:
    over = curve(table_of, [1.0, 1.0, 1.0, 0.99], [0.6, 0.66, 0.72, 0.78])
    assert over.verdict == "over"
    assert over.per_doubling == pytest.approx(0.06)
    assert "still gets better" in over.sentence
    under = curve(table_of, [0.70, 0.70, 0.70], [0.68, 0.69, 0.69], target=0.8)
    assert under.verdict == "under"
    assert "hardly helps" in under.sentence
    assert curve(table_of, [0.9, 0.88, 0.87], [0.8, 0.84, 0.85]).verdict == "good"
    loss = curve(table_of, [0.1, 0.1, 0.1], [0.5, 0.4, 0.3], metric="log_loss")
    assert (loss.verdict, loss.gap) == ("over", pytest.approx(0.2))
    assert curve(table_of, [1.0, 1.0], [0.6, 0.7]).per_doubling is None


def test_folds_of_a_size_are_averaged_and_one_size_is_no_curve(table_of: Any) -> None:
    folds = table_of(size=[10, 10, 20, 20], train=[0.9, 1.0, 0.9, 0.9], test=[0.5, 0.7, 0.8, 0.9])
    found = curve_of(folds, "auc", None, None)
    assert found.train[0] == pytest.approx(0.95)
    assert found.test == (pytest.approx(0.6), pytest.approx(0.85))
    with pytest.raises(Invalid, match="two or more"):
        curve(table_of, [0.9], [0.8])
