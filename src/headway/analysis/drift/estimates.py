"""How well a model may be doing on data whose labels are not there yet: an estimate, no evidence.

Classes: what the model said is calibrated on reference data with labels (its own value, moved by
what each of 20 equal parts of the reference is off); the expected cells of the confusion matrix on
the current data give accuracy, precision, recall, F1, AUC, log loss and Brier score. (The idea is
confidence-based performance estimation; Guo and others 2017 for calibration error.)
Numbers: the reference's |error| and error² by 20 equal parts of the prediction, weighted as the
current predictions are spread, give MAE and RMSE.

Both hold only while what follows from the same features stays the same (no concept drift) and the
current data lie where the reference has been: the second is checked, the first can't be. The
kind of every number is "estimated" and never stands in for "realised".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.analysis.summaries.histograms import Floats, Integers
from headway.analysis.summaries.losses import Losses, ask_labels, ask_losses
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

PARTS = 20
#: Rows of the reference that a part has at the least, and both classes together.
LEAST = 25
DRAWS = 400
#: More of the current data outside what the reference has seen: nothing is estimated.
OUTSIDE = 0.02
#: The scores of a calibrated model are off by less than this on average.
CALIBRATED = 0.05
_POSITIVE = ("1", "true", "True", "yes", "1.0")
#: Of these, more is better.
MORE = frozenset(("accuracy", "precision", "recall", "f1", "auc"))


@dataclass(frozen=True, slots=True)
class Estimated:
    """One metric: realised on the reference, estimated on the current data with a 95 % interval.

    `verdict` is met where the whole interval keeps the allowed loss against the reference, unmet
    where the whole interval breaks it, insufficient between; not_applicable without a bound.
    """

    name: str
    realised: float | None
    estimated: float | None
    low: float | None
    high: float | None
    bound: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Estimates:
    """The answer. `error` is the expected calibration error of the scores as they are."""

    task: str
    metrics: tuple[Estimated, ...]
    rows: tuple[int, int]
    outside: float
    error: float | None
    verdict: str
    sentence: str
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the document of `headway check estimate`."""
        return {
            "kind": "estimated",
            "task": self.task,
            "verdict": self.verdict,
            "sentence": self.sentence,
            "rows": {"reference": self.rows[0], "current": self.rows[1]},
            "outside": self.outside,
            "calibration_error": self.error,
            "metrics": {
                one.name: {
                    "realised_on_reference": one.realised,
                    "estimated": one.estimated,
                    "low": one.low,
                    "high": one.high,
                    "bound": one.bound,
                    "verdict": one.verdict,
                }
                for one in self.metrics
            },
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What is estimated: the columns, the positive value of a label, and the losses allowed."""

    label: str
    score: str | None = None
    prediction: str | None = None
    positive: str | None = None
    threshold: float = 0.5
    #: metric → by how much it may be worse than on the reference.
    allowed: Mapping[str, float] | None = None
    seed: int = 0


def estimate(reference: Table, current: Table, asked: Asked) -> Estimates:
    """Return the estimates for the current data, of which no label is read.

    Raises Invalid: neither score nor prediction, a score outside 0 to 1, a label of one class.
    """
    if (asked.score is None) == (asked.prediction is None):
        sentence = "Name what the model said: --score for classes, or --prediction for numbers."
        raise Invalid(sentence)
    if asked.score is not None:
        positive = asked.positive or _positive(reference, asked.label)
        before = ask_losses(reference, asked.score, asked.label, positive)
        now = ask_losses(current, asked.score, scale=before.scale)
        _probabilities(reference.name, before, now)
        return _classes(before, now, asked)
    before = ask_losses(reference, str(asked.prediction), asked.label)
    now = ask_losses(current, str(asked.prediction), scale=before.scale)
    return _numbers(before, now, asked)


def _positive(reference: Table, label: str) -> str:
    values = ask_labels(reference, label)
    for value in _POSITIVE:
        if value in values and len(values) == 2:
            return value
    listed = ", ".join(values[:6]) or "none"
    sentence = (
        f"{reference.name}, column {label!r}: which value is positive? It holds {listed}. "
        "Name it with --positive."
    )
    raise Invalid(sentence)


def _probabilities(name: str, before: Losses, now: Losses) -> None:
    for side in (before, now):
        if len(side.said) and (side.said.min() < 0 or side.said.max() > 1):
            sentence = (
                f"{name}: a score lies outside 0 to 1 and is no probability. Calibrate it, or name "
                "the column of probabilities."
            )
            raise Invalid(sentence)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """The reference cut into equal parts, and into which part each current bucket falls."""

    n: Integers
    of_reference: Integers
    of_current: Integers
    outside: float


def _cut(before: Losses, now: Losses) -> _Parts:
    size = max(int(before.n.sum()), 1)
    upto = np.cumsum(before.n)
    parts = int(np.clip(size // LEAST, 1, PARTS))
    ends = np.unique(np.searchsorted(upto, size * np.arange(1, parts + 1) / parts))
    ends = np.minimum(ends, len(upto) - 1)
    last = before.bucket[ends]
    of_reference = np.searchsorted(last, before.bucket)
    of_current = np.minimum(np.searchsorted(last, now.bucket), len(last) - 1)
    n = np.bincount(of_reference, weights=before.n, minlength=len(last)).astype(np.int64)
    out = (now.bucket < before.bucket[0]) | (now.bucket > before.bucket[-1])
    outside = float(now.n[out].sum() / max(int(now.n.sum()), 1))
    return _Parts(n, of_reference, of_current, outside)


def _classes(before: Losses, now: Losses, asked: Asked) -> Estimates:
    size, positives = int(before.n.sum()), float(before.first.sum())
    if not int(now.n.sum()) or not 0 < positives < size or size < 2 * LEAST:
        return _too_little("classes", before, now)
    parts = _cut(before, now)
    hits = np.bincount(parts.of_reference, weights=before.first, minlength=len(parts.n))
    said = np.bincount(parts.of_reference, weights=before.said * before.n, minlength=len(parts.n))
    error = float(np.abs(hits - said).sum() / size)
    realised = _metrics(before.first, before.n - before.first, before.said, asked.threshold)
    rng = np.random.default_rng(asked.seed)

    def expected(rates: Floats, *, drawn: bool) -> dict[str, float | None]:
        moved = (rates - said / parts.n)[parts.of_current]
        p = np.clip(now.said + moved, 0.0, 1.0)
        up = rng.binomial(now.n, p).astype(np.float64) if drawn else now.n * p
        return _metrics(up, now.n - up, now.said, asked.threshold)

    point = expected(hits / parts.n, drawn=False)
    draws = [expected(rng.beta(hits + 0.5, parts.n - hits + 0.5), drawn=True) for _ in range(DRAWS)]
    notes = (
        f"The scores as they are have a calibration error of {error:.3f} on the reference"
        + (": they were calibrated first." if error >= CALIBRATED else "."),
    )
    found = _Found("classes", realised, point, draws, parts.outside, error, notes)
    return _told((before, now), found, asked)


def _metrics(up: Floats, down: Floats, said: Floats, threshold: float) -> dict[str, float | None]:
    """Return the metrics of buckets with so many positives and negatives, lowest score first."""
    above = said >= threshold
    tp, fp = float(up[above].sum()), float(down[above].sum())
    fn, tn = float(up[~above].sum()), float(down[~above].sum())
    size = tp + fp + fn + tn
    safe = np.clip(said, 1e-15, 1 - 1e-15)
    wins = float((up * (np.cumsum(down) - down / 2)).sum())
    return {
        "auc": _ratio(wins, (tp + fn) * (fp + tn)),
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "accuracy": _ratio(tp + tn, size),
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "log_loss": _ratio(-float((up * np.log(safe) + down * np.log1p(-safe)).sum()), size),
        "brier": _ratio(float((up * (1 - said) ** 2 + down * said**2).sum()), size),
    }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _numbers(before: Losses, now: Losses, asked: Asked) -> Estimates:
    size = int(before.n.sum())
    if not int(now.n.sum()) or size < 2 * LEAST:
        return _too_little("numbers", before, now)
    parts = _cut(before, now)
    sums = [
        np.bincount(parts.of_reference, weights=one, minlength=len(parts.n))
        for one in (before.first, before.second)
    ]
    share = np.bincount(parts.of_current, weights=now.n, minlength=len(parts.n)) / now.n.sum()
    rng = np.random.default_rng(asked.seed)
    means = [one / parts.n for one in sums]
    # Of |error| by part; of error² the spread is taken as √2 times its mean, as of a normal error.
    spread = [np.sqrt(np.maximum(means[1] - means[0] ** 2, 0.0)), np.sqrt(2.0) * means[1]]
    draws = []
    for _ in range(DRAWS):
        noise = [
            rng.normal(size=len(parts.n)) * one * np.sqrt(1 / parts.n + share / max(now.n.sum(), 1))
            for one in spread
        ]
        mae, mse = (float((share * (m + e)).sum()) for m, e in zip(means, noise, strict=True))
        draws.append(_losses(mae, mse))
    realised = _losses(float(sums[0].sum()) / size, float(sums[1].sum()) / size)
    point = _losses(*(float((share * one).sum()) for one in means))
    found = _Found("numbers", realised, point, draws, parts.outside)
    return _told((before, now), found, asked)


def _losses(mae: float, mse: float) -> dict[str, float | None]:
    return {"mae": mae, "rmse": float(np.sqrt(max(mse, 0.0)))}


@dataclass(frozen=True, slots=True)
class _Found:
    """What was computed of a task, before it is held against bounds."""

    task: str
    realised: Mapping[str, float | None]
    point: Mapping[str, float | None]
    draws: list[dict[str, float | None]]
    outside: float
    error: float | None = None
    notes: tuple[str, ...] = ()


def _told(sides: tuple[Losses, Losses], found: _Found, asked: Asked) -> Estimates:
    realised, point, outside = found.realised, found.point, found.outside
    allowed = asked.allowed or {}
    for name in allowed:
        if name not in realised:
            sentence = f"--max-loss names {name!r}; known here are {', '.join(realised)}."
            raise Invalid(sentence)
    rows = (int(sides[0].n.sum()), int(sides[1].n.sum()))
    if outside > OUTSIDE:
        sentence = (
            f"{100 * outside:.1f} % of what the model says now lies outside what the reference has "
            f"seen (at most {100 * OUTSIDE:g} %): nothing is estimated."
        )
        metrics = tuple(
            Estimated(name, value, None, None, None, None, "insufficient")
            for name, value in realised.items()
        )
        told = (outside, found.error, "insufficient", sentence, found.notes)
        return Estimates(found.task, metrics, rows, *told)
    metrics = tuple(
        _one(name, value, point[name], [draw[name] for draw in found.draws], allowed.get(name))
        for name, value in realised.items()
    )
    verdict = _verdict([one.verdict for one in metrics])
    left = tuple(
        f"{side.left:,} rows of the {where} have no value to use."
        for side, where in zip(sides, ("reference", "current data"), strict=True)
        if side.left
    )
    told = (outside, found.error, verdict, _sentence(metrics, rows), (*found.notes, *left))
    return Estimates(found.task, metrics, rows, *told)


def _one(
    name: str,
    realised: float | None,
    point: float | None,
    draws: list[float | None],
    allowed: float | None,
) -> Estimated:
    known = [one for one in draws if one is not None]
    if point is None or realised is None or len(known) < DRAWS // 2:
        return Estimated(name, realised, point, None, None, None, "insufficient")
    low, high = (float(one) for one in np.quantile(known, (0.025, 0.975)))
    low, high = min(low, point), max(high, point)
    if allowed is None:
        return Estimated(name, realised, point, low, high, None, "not_applicable")
    bound = realised - allowed if name in MORE else realised + allowed
    keeps: Callable[[float], bool] = (
        (lambda v: v >= bound) if name in MORE else (lambda v: v <= bound)
    )
    verdict = "met" if keeps(low) and keeps(high) else "insufficient"
    if not keeps(low) and not keeps(high):
        verdict = "unmet"
    return Estimated(name, realised, point, low, high, bound, verdict)


def _verdict(verdicts: list[str]) -> str:
    judged = [one for one in verdicts if one != "not_applicable"]
    for word in ("unmet", "insufficient"):
        if word in judged:
            return word
    return "met" if judged else "not_applicable"


def _sentence(metrics: tuple[Estimated, ...], rows: tuple[int, int]) -> str:
    bounded = [one for one in metrics if one.bound is not None] or list(metrics[:1])
    told = []
    for one in bounded:
        if one.estimated is None or one.low is None or one.high is None:
            continue
        bound = "" if one.bound is None else f", bound {one.bound:.4g}: {one.verdict}"
        told.append(
            f"{one.name} {one.estimated:.4g} ({one.low:.4g} to {one.high:.4g}; realised on the "
            f"reference {one.realised:.4g}{bound})"
        )
    return f"Estimated, not realised: {'; '.join(told)}; {rows[1]:,} rows without labels."


def _too_little(task: str, before: Losses, now: Losses) -> Estimates:
    rows = (int(before.n.sum()), int(now.n.sum()))
    sentence = (
        f"{rows[0]:,} rows of the reference and {rows[1]:,} current ones can be used; at least "
        f"{2 * LEAST} with labels of both kinds, and one, are needed."
    )
    return Estimates(task, (), rows, 0.0, None, "insufficient", sentence)
