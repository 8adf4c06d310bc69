"""What is estimated without labels is near what the labels say later, where it claims anything."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from headway.analysis.drift.estimates import Asked, Estimates, estimate
from headway.analysis.summaries import Engine, Table, embedded, from_arrow
from headway.errors import Invalid

pa = pytest.importorskip("pyarrow")
Floats = NDArray[np.float64]
BY_SCORE = Asked(label="y", score="p")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with embedded(threads=1) as held:
        yield held


def table(engine: Engine, **columns: object) -> Table:
    return from_arrow(pa.table(columns), name="rows", engine=engine)


def drawn(seed: int, n: int, shift: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return probabilities of cases of which more or fewer are hard, and what became of them."""
    rng = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-rng.normal(shift, 1.5, n)))
    return p, rng.random(n) < p


def asked(
    engine: Engine, distort: float, shift: float, seed: int, more: Asked = BY_SCORE
) -> Estimates:
    """Estimate for scores that are p to a power: 1 is calibrated."""
    (p, y), (q, _) = drawn(seed, 8000, 0.0), drawn(seed + 100, 8000, shift)
    before = table(engine, p=p**distort, y=y)
    return estimate(before, table(engine, p=q**distort), more)


@pytest.mark.parametrize("distort", [1.0, 2.5])
def test_the_intervals_hold_what_the_labels_say_later(engine: Engine, distort: float) -> None:
    """95 % intervals of four metrics over four samples: most have to hold; calibrated or not."""
    held = total = 0
    for seed in range(4):
        answer = asked(engine, distort, shift=0.6, seed=seed)
        q, later = drawn(seed + 100, 8000, 0.6)
        above = q**distort >= 0.5
        ranks = np.argsort(np.argsort(q)) + 1.0
        ups = int(later.sum())
        truth = {
            "accuracy": float((above == later).mean()),
            "recall": float(above[later].mean()),
            "precision": float(later[above].mean()),
            "auc": (float(ranks[later].sum()) - ups * (ups + 1) / 2) / (ups * (len(q) - ups)),
        }
        for one in answer.metrics:
            if one.name in truth and one.low is not None and one.high is not None:
                total += 1
                held += one.low <= truth[one.name] <= one.high
    assert total == 16
    assert held >= 13


def test_a_score_that_is_off_says_so_and_is_calibrated_first(engine: Engine) -> None:
    assert (asked(engine, 1.0, 0.0, 1).error or 0) < 0.02
    off = asked(engine, 2.5, 0.0, 1)
    assert (off.error or 0) > 0.1
    assert "were calibrated first" in off.notes[0]


def test_an_estimate_is_never_called_realised(engine: Engine) -> None:
    told = asked(engine, 1.0, 0.0, 2).as_json()
    assert told["kind"] == "estimated"
    assert told["sentence"].startswith("Estimated, not realised")
    assert set(told["metrics"]["auc"]) >= {"realised_on_reference", "estimated", "low", "high"}


def test_a_bound_is_met_unmet_or_open(engine: Engine) -> None:
    (p, y), (q, _) = drawn(3, 8000, 0.0), drawn(4, 8000, 0.0)
    hard = 0.5 + (q - 0.5) * 0.3
    for scores, allowed, verdict in (
        (q, 0.1, "met"),
        (hard, 0.05, "unmet"),
        (q, 0.0, "insufficient"),
    ):
        answer = estimate(
            table(engine, p=p, y=y),
            table(engine, p=scores),
            Asked(label="y", score="p", allowed={"accuracy": allowed}),
        )
        assert answer.verdict == verdict


def test_outside_what_the_reference_has_seen_nothing_is_estimated(engine: Engine) -> None:
    rng = np.random.default_rng(5)
    p = rng.uniform(0.2, 0.6, 2000)
    answer = estimate(
        table(engine, p=p, y=rng.random(2000) < p),
        table(engine, p=rng.uniform(0.5, 0.9, 500)),
        BY_SCORE,
    )
    assert answer.verdict == "insufficient"
    assert all(one.estimated is None for one in answer.metrics)
    assert "nothing is estimated" in answer.sentence


def test_the_loss_of_numbers_follows_where_the_predictions_went(engine: Engine) -> None:
    """Errors grow with the prediction; more large predictions, more error."""
    rng = np.random.default_rng(6)
    x, z = rng.uniform(1, 10, 9000), rng.triangular(1, 10, 10, 9000)
    y, later = x + rng.normal(size=9000) * x / 5, z + rng.normal(size=9000) * z / 5
    answer = estimate(
        table(engine, said=x, y=y), table(engine, said=z), Asked(label="y", prediction="said")
    )
    mae, rmse = answer.metrics
    assert mae.low is not None
    assert mae.high is not None
    assert mae.low <= np.abs(later - z).mean() <= mae.high
    assert rmse.estimated == pytest.approx(np.sqrt(((later - z) ** 2).mean()), rel=0.05)
    assert mae.realised == pytest.approx(np.abs(y - x).mean(), rel=1e-9)
    assert mae.estimated > mae.realised  # type: ignore[operator]


def test_rows_without_a_value_are_left_out_and_counted(engine: Engine) -> None:
    p, y = drawn(7, 1000, 0.0)
    scores = [None, float("nan"), float("inf"), *p[3:].tolist()]
    answer = estimate(table(engine, p=scores, y=y), table(engine, p=p), BY_SCORE)
    assert answer.rows == (997, 1000)
    assert "3 rows of the reference have no value" in answer.notes[-1]


@pytest.mark.parametrize(
    ("reference", "more", "said"),
    [
        ({"p": [0.1, 2.0], "y": [0, 1]}, BY_SCORE, "outside 0 to 1"),
        ({"p": [0.1, 0.2], "y": ["a", "b"]}, BY_SCORE, "which value is positive"),
        ({"p": ["a", "b"], "y": [0, 1]}, BY_SCORE, "a number is needed"),
        ({"p": [0.1, 0.2], "y": [0, 1]}, Asked(label="y"), "Name what the model said"),
        ({"p": [0.1], "y": ["a"]}, Asked(label="y", prediction="p"), "a number is needed"),
    ],
)
def test_a_bad_question_is_a_sentence(
    engine: Engine, reference: dict[str, object], more: Asked, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        estimate(table(engine, **reference), table(engine, p=[0.1]), more)


def test_too_few_labels_are_no_basis(engine: Engine) -> None:
    answer = estimate(
        table(engine, p=[0.1] * 9 + [0.9], y=[0] * 9 + [1]), table(engine, p=[0.5]), BY_SCORE
    )
    assert answer.verdict == "insufficient"
    assert answer.metrics == ()
