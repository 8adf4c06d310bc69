"""Fit: does a model know its training rows and not the world, or not even these?

`gap` is how much worse the test is than training in the main metric, positive when training looks
better, with the interval of two independent samples. Over: the gap is shown to be more than is
accepted. Under: training itself is shown to miss the target, or to beat one constant answer by no
more than the accepted gap. Good: the gap is shown to be accepted. Else insufficient: the rows
leave it open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np

from headway.analysis.segments.baseline import constant_value, tolerance_of
from headway.analysis.segments.intervals import CONFIDENCE, z_of
from headway.analysis.segments.judging import Check, Verdict, floor_check
from headway.analysis.segments.leakage import Hint, hints
from headway.analysis.segments.learning import Curve, curve_of
from headway.analysis.segments.measured import MAXIMISED, Estimate
from headway.analysis.segments.metrics import Judge, known_metrics
from headway.analysis.segments.task import Answers, Columns, answers_of
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

NORMAL = "normal, two independent samples"


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """What is asked of training and test.

    `max_gap` is how much worse the test may be (0.05, or a fifth of a loss); `ids` and `time` name
    columns by which training and test are looked at for leaks.
    """

    columns: Columns
    metric: str | None = None
    target: float | None = None
    max_gap: float | None = None
    ids: str | None = None
    time: str | None = None
    confidence: float = CONFIDENCE

    def check(self) -> None:
        """Raise Invalid for numbers that can't be meant."""
        z_of(self.confidence)
        if self.max_gap is not None and not 0 <= self.max_gap < inf:
            sentence = f"The greatest gap is {self.max_gap}; it has to be a number from 0 on."
            raise Invalid(sentence)
        if self.target is not None and not -inf < self.target < inf:
            sentence = f"The target is {self.target}; it has to be a number."
            raise Invalid(sentence)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a model fits: training, test, their gap, and the verdict good, over, under, insufficient.

    `target` judges the test against what was asked for; None where nothing was.
    """

    metric: str
    train: Estimate
    test: Estimate
    gap: Estimate
    accepted: float
    constant: float | None
    target: Check | None
    hints: tuple[Hint, ...]
    curve: Curve | None
    verdict: str
    sentence: str
    notes: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Say whether the fit is good, the target is met, and the curve does not say otherwise."""
        target = self.target is None or self.target.verdict is Verdict.MET
        curve = self.curve is None or self.curve.verdict == "good"
        return self.verdict == "good" and target and curve

    def as_json(self) -> dict[str, object]:
        """Return the document that `--json` prints."""
        return {
            "verdict": self.verdict,
            "sentence": self.sentence,
            "metric": self.metric,
            "train": self.train.value,
            "test": self.test.value,
            "gap": self.gap.value,
            "accepted": self.accepted,
            "constant": self.constant,
            "n_train": self.train.n,
            "n_test": self.test.n,
            "intervals": {
                "train": self.train.as_json(),
                "test": self.test.as_json(),
                "gap": self.gap.as_json(),
            },
            "target": self.target.as_json() if self.target else None,
            "hints": [hint.as_json() for hint in self.hints],
            "curve": self.curve.as_json() if self.curve else None,
            "notes": list(self.notes),
        }


def fit(train: Table, test: Table, question: FitQuestion, curve: Table | None = None) -> Fit:
    """Return how a model fits, from its answers on training and test rows.

    Both tables have the columns that the question names, and are of one engine. `curve` is a table
    of size, train, test. Raises Invalid for tables that can't be compared.
    """
    question.check()
    trained, tested = _both(train, test, question.columns)
    metric = _metric(question, trained, tested)
    estimates = [
        Judge.of(one, question.confidence).overall()[1][metric] for one in (trained, tested)
    ]
    sides = [one.at(0) for one in estimates]
    gap = _gap(metric, sides, sum(float(one.variance[0]) for one in estimates), question.confidence)
    told = hints(train, test, question.columns.names(), question.ids, question.time)
    accepted = question.max_gap
    if accepted is None:
        accepted = tolerance_of(metric, sides[0].value or 0.0)
    found = Fit(
        metric=metric,
        train=sides[0],
        test=sides[1],
        gap=gap,
        accepted=accepted,
        constant=constant_value(metric, trained) if trained.n else None,
        target=_target(metric, question.target, sides[1]),
        hints=told,
        curve=curve_of(curve, metric, question.target, question.max_gap) if curve else None,
        verdict="",
        sentence="",
        notes=tuple(
            dict.fromkeys(
                (
                    *trained.notes,
                    *tested.notes,
                    *_left_out(train, trained),
                    *_left_out(test, tested),
                )
            )
        ),
    )
    verdict, sentence = _verdict(found, question.target)
    return replace(found, verdict=verdict, sentence=sentence)


def _both(train: Table, test: Table, columns: Columns) -> tuple[Answers, Answers]:
    """Return the answers of both, read in the same way: training says which value is positive."""
    trained = answers_of(train, columns)
    if trained.positive is not None and columns.positive is None:
        columns = replace(columns, positive=trained.positive, may_lack_positive=True)
    tested = answers_of(test, columns)
    if trained.task is not tested.task:
        sentence = (
            f"{train.name} holds a {trained.task.value} task and {test.name} a "
            f"{tested.task.value} one: is {columns.label!r} the same column in both?"
        )
        raise Invalid(sentence)
    return trained, tested


def _metric(question: FitQuestion, trained: Answers, tested: Answers) -> str:
    known = [name for name in known_metrics(trained) if name in known_metrics(tested)]
    if question.metric is None:
        return known[0]
    if question.metric not in known:
        sentence = (
            f"The metric {question.metric!r} can't be told of both tables "
            f"({trained.task.value} task). Known: {', '.join(known)}."
        )
        raise Invalid(sentence)
    return question.metric


def _gap(metric: str, sides: list[Estimate], variance: float, confidence: float) -> Estimate:
    """Return how much worse the test is; None where one of the two has no value."""
    train, test = sides
    if train.value is None or test.value is None:
        return Estimate(None, None, None, min(train.n, test.n), NORMAL)
    value = train.value - test.value if metric in MAXIMISED else test.value - train.value
    n = min(train.n, test.n)
    if not np.isfinite(variance):
        return Estimate(value, None, None, n, NORMAL)
    reach = z_of(confidence) * sqrt(variance)
    return Estimate(value, value - reach, value + reach, n, NORMAL)


def _target(metric: str, target: float | None, test: Estimate) -> Check | None:
    return None if target is None else floor_check(metric, target, test, test.n, 1)


def _left_out(table: Table, answers: Answers) -> tuple[str, ...]:
    left = int((~answers.used).sum())
    if not left:
        return ()
    return (
        f"{table.name}: {left:,} of {len(answers.used):,} rows lack an answer and are left out.",
    )


def _verdict(found: Fit, target: float | None) -> tuple[str, str]:
    """Return the verdict and its sentence."""
    head = f"{found.metric} {_shown(found.train)} in training, {_shown(found.test)} in test"
    gap = found.gap
    if gap.value is None or gap.low is None or gap.high is None:
        return "insufficient", f"{head}: there are too few rows to tell how far they are apart."
    apart = f"{gap.value:.3g} worse ({gap.low:.3g} to {gap.high:.3g})"
    missed = _missed(found, target)
    if gap.low > found.accepted:
        also = f" And {missed}." if missed else ""
        return (
            "over",
            f"{head}: overfit, the test is {apart}, more than {found.accepted:.3g}.{also}",
        )
    if missed:
        return "under", f"{head}: underfit, {missed}."
    if gap.high > found.accepted:
        sentence = f"that it is at most {found.accepted:.3g} worse is not shown."
        return "insufficient", f"{head}: the test is {apart}; {sentence}"
    leaks = [hint.sentence for hint in found.hints if hint.found and hint.asked]
    if leaks:
        return "insufficient", f"{head}, but the test is not independent. {' '.join(leaks)}"
    return "good", f"{head}: the test is {apart}, at most {found.accepted:.3g} is accepted."


def _missed(found: Fit, target: float | None) -> str:
    """Return what training itself does not reach; nothing where it does."""
    is_more = found.metric in MAXIMISED
    best = found.train.high if is_more else found.train.low
    if best is None:
        return ""
    sign = 1.0 if is_more else -1.0
    if target is not None and sign * best < sign * target:
        return f"training itself does not reach {target:.4g}"
    if found.constant is not None and sign * (best - found.constant) <= tolerance_of(
        found.metric, found.constant
    ):
        return f"training hardly beats one constant answer ({found.constant:.4g})"
    return ""


def _shown(one: Estimate) -> str:
    if one.value is None:
        return "n/a"
    if one.low is None or one.high is None:
        return f"{one.value:.4g}"
    return f"{one.value:.4g} ({one.low:.4g} to {one.high:.4g})"
