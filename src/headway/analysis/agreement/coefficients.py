"""Agreement beyond chance: Cohen's kappa, Fleiss' kappa, Krippendorff's alpha.

Sources: Cohen 1960 and 1968 (weighted); Fleiss 1971; Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability". Each is 1 − observed ÷ expected disagreement. The interval resamples items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway.analysis.agreement.proportions import percent
from headway.analysis.agreement.ratings import Codes, Floats, Ratings
from headway.analysis.agreement.resampling import interval_of
from headway.analysis.shares import exact_interval

#: Different numbers that a ratio scale may hold: each is weighed against each.
MOST_RATIO = 2_000
#: Categories of two raters' table.
MOST_CATEGORIES = 2_000
METRICS = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = ("none", "linear", "quadratic")

NO_ACCURACY = "It says how far annotators agree beyond chance, not how often they are right."


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with its interval; `value` None where it is undefined, and `sentence` says why.

    `observed` is the plain share of pairs of ratings that agree. `method` is how the interval was
    found: bootstrap, jackknife, or exact where no disagreement was seen.
    """

    measure: str
    scale: str
    value: float | None
    low: float | None
    high: float | None
    observed: float | None
    items: int
    raters: int
    ratings: int
    method: str
    sentence: str
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class _Sparse:
    """Counts by item and label without the zeros, of items that several rated."""

    unit: Codes
    label: Codes
    count: Floats
    sizes: Floats  # ratings an item
    width: int  # labels


#: Per replicate: weights of the items → observed and expected disagreement.
_Measure = Callable[[Floats], tuple[float, float]]


def krippendorff_alpha(
    ratings: Ratings, metric: str = "nominal", *, seed: int = 0, confidence: float = 0.95
) -> Agreement:
    """Return alpha for labels on a `metric` scale; ratings may be missing, raters may differ.

    Ordinal labels are ordered as `ratings.labels` are; interval and ratio scales need numbers.
    """
    found = ratings.of_several()
    asked = _Asked("alpha", metric, found, seed, confidence)
    numbers = found.numbers() if metric in ("interval", "ratio") else None
    if metric in ("interval", "ratio") and numbers is None:
        return asked.undefined(f"The labels are no numbers, which the {metric} scale needs.")
    if metric == "ratio" and numbers is not None and float(numbers.min(initial=0.0)) < 0:
        return asked.undefined("A ratio scale has a zero and no negative numbers.")
    if metric == "ratio" and len(found.labels) > MOST_RATIO:
        return asked.undefined(
            f"There are {len(found.labels):,} different numbers; a ratio scale takes "
            f"{MOST_RATIO:,}: round them."
        )
    sparse = _sparse(found)
    return asked.answer(_alpha_of(sparse, metric, numbers), len(sparse.sizes))


def fleiss_kappa(ratings: Ratings, *, seed: int = 0, confidence: float = 0.95) -> Agreement:
    """Return Fleiss' kappa: any number of raters, who need not be the same for each item.

    Where items have different numbers of ratings, each item counts once, as Fleiss' mean does.
    """
    found = ratings.of_several()
    sparse = _sparse(found)

    def measure(weights: Floats) -> tuple[float, float]:
        pairs = sparse.sizes * (sparse.sizes - 1)
        same = np.bincount(sparse.unit, sparse.count * (sparse.count - 1), len(pairs))
        observed = float(np.sum(weights * (1 - same / pairs)) / np.sum(weights))
        totals = np.bincount(sparse.label, sparse.count * weights[sparse.unit], sparse.width)
        shares = totals / totals.sum()
        return observed, float(1 - np.sum(shares * shares))

    asked = _Asked("fleiss", "nominal", found, seed, confidence)
    return asked.answer(measure, len(sparse.sizes))


def cohen_kappa(
    ratings: Ratings, weights: str = "none", *, seed: int = 0, confidence: float = 0.95
) -> Agreement:
    """Return Cohen's kappa of two raters over the items that both rated.

    With linear or quadratic `weights` a near miss counts less than a far one, by the places of the
    labels in their order.
    """
    asked = _Asked("cohen", weights, ratings, seed, confidence)
    if ratings.rater_count > 2:
        return asked.undefined(
            f"Cohen's kappa compares two annotators; {ratings.rater_count} labelled. "
            "Take Krippendorff's alpha."
        )
    if len(ratings.labels) > MOST_CATEGORIES:
        return asked.undefined(f"There are {len(ratings.labels):,} different labels: too many.")
    found = ratings.of_several()
    order = np.lexsort((found.raters, found.items))
    first, second = found.values[order][0::2], found.values[order][1::2]
    width = len(found.labels)
    apart = _apart(width, weights)
    rows, columns = np.arange(width), np.arange(width)

    def measure(given: Floats) -> tuple[float, float]:
        total = float(given.sum())
        observed = float(np.sum(given * apart[first, second])) / total
        left = np.bincount(first, given, width)[rows]
        right = np.bincount(second, given, width)[columns]
        expected = float(np.sum(np.outer(left, right) * apart)) / (total * total)
        return observed, expected

    return _Asked("cohen", weights, found, seed, confidence).answer(measure, len(first))


def _apart(width: int, weights: str) -> Floats:
    """Return how far apart each two labels are, from 0 to 1."""
    steps = np.abs(np.subtract.outer(np.arange(width), np.arange(width))).astype(np.float64)
    if weights == "none":
        return (steps > 0).astype(np.float64)
    share = steps / max(width - 1, 1)
    return share if weights == "linear" else share * share


def _sparse(found: Ratings) -> _Sparse:
    """Return how often each item was given each label."""
    width = max(len(found.labels), 1)
    cells, counts = np.unique(found.items * width + found.values, return_counts=True)
    sizes = np.bincount(found.items).astype(np.float64) if len(found) else np.zeros(0)
    return _Sparse(cells // width, cells % width, counts.astype(np.float64), sizes, width)


def _alpha_of(sparse: _Sparse, metric: str, numbers: Floats | None) -> _Measure:
    """Return what measures an alpha's disagreements for given weights of the items."""
    if metric == "nominal":
        return _nominal(sparse)
    if metric == "ratio" and numbers is not None:
        return _ratio(sparse, numbers)
    return _squared(sparse, numbers)


def _nominal(sparse: _Sparse) -> _Measure:
    sizes = sparse.sizes
    same = np.bincount(sparse.unit, sparse.count * sparse.count, len(sizes))
    differing = (sizes * sizes - same) / (sizes - 1)

    def measure(weights: Floats) -> tuple[float, float]:
        totals = np.bincount(sparse.label, sparse.count * weights[sparse.unit], sparse.width)
        total = float(totals.sum())
        expected = (total * total - float(np.sum(totals * totals))) / (total - 1)
        return float(np.sum(weights * differing)), expected

    return measure


def _squared(sparse: _Sparse, numbers: Floats | None) -> _Measure:
    """Return the squared difference of numbers, or of mid-ranks: Krippendorff's ordinal metric."""
    sizes = sparse.sizes

    def measure(weights: Floats) -> tuple[float, float]:
        totals = np.bincount(sparse.label, sparse.count * weights[sparse.unit], sparse.width)
        total = float(totals.sum())
        raw = np.cumsum(totals) - totals / 2 if numbers is None else numbers
        value = raw - float(np.sum(totals * raw)) / total  # centred: no large numbers cancel
        sums = np.bincount(sparse.unit, sparse.count * value[sparse.label], len(sizes))
        squares = np.bincount(sparse.unit, sparse.count * value[sparse.label] ** 2, len(sizes))
        inside = np.maximum(sizes * squares - sums * sums, 0.0) / (sizes - 1)
        expected = total * float(np.sum(totals * value * value)) / (total - 1)
        return float(np.sum(weights * inside)), expected

    return measure


def _ratio(sparse: _Sparse, numbers: Floats) -> _Measure:
    both = np.add.outer(numbers, numbers)
    apart = np.subtract.outer(numbers, numbers) / np.where(both == 0, 1.0, both)
    square = apart * apart
    place = np.flatnonzero(np.diff(sparse.unit, prepend=-1))
    inside = np.zeros(len(sparse.sizes))
    ends = np.append(place[1:], len(sparse.unit))
    for unit, (start, end) in enumerate(zip(place, ends, strict=True)):
        if end - start > 1:
            labels, counts = sparse.label[start:end], sparse.count[start:end]
            inside[unit] = float(counts @ square[np.ix_(labels, labels)] @ counts)
    inside = inside / (sparse.sizes - 1)

    def measure(weights: Floats) -> tuple[float, float]:
        totals = np.bincount(sparse.label, sparse.count * weights[sparse.unit], sparse.width)
        expected = float(totals @ square @ totals) / (float(totals.sum()) - 1)
        return float(np.sum(weights * inside)), expected

    return measure


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked, and of which ratings: turns what was measured into an answer."""

    measure: str
    scale: str
    ratings: Ratings
    seed: int
    confidence: float

    def answer(self, measure: _Measure, units: int) -> Agreement:
        """Return the coefficient of all items with its interval over resampled items."""
        if not units:
            return self.undefined(
                "No item was labelled by two annotators, so there is nothing to compare."
            )
        used = np.unique(self.ratings.values)
        if len(used) < 2:
            return self.undefined(
                f"All {len(self.ratings):,} ratings are {str(self.ratings.labels[used[0]])!r}: "
                "with one label, agreement beyond chance is undefined."
            )
        value = _coefficient(*measure(np.ones(units)))
        if value is None:
            return self.undefined("The annotators never use two labels; nothing can be expected.")
        observed, method = self._observed(), "bootstrap"
        if observed == 1.0:
            low, high, method = self._flawless(units), 1.0, "exact"
        else:
            low, high, method = interval_of(
                lambda weights: _coefficient(*measure(weights)),
                value,
                units,
                seed=self.seed,
                confidence=self.confidence,
            )
        return self._told(value, low, high, observed, units, method)

    def undefined(self, why: str) -> Agreement:
        """Return that there is no number, and why."""
        units = len(np.unique(self.ratings.items))
        raters = len(np.unique(self.ratings.raters))
        return Agreement(
            self.measure, self.scale, None, None, None, None, units, raters,
            len(self.ratings), "none", why, self.confidence,
        )  # fmt: skip

    def _told(  # noqa: PLR0913, PLR0917  the parts of one answer
        self, value: float, low: float, high: float, observed: float, units: int, method: str
    ) -> Agreement:
        raters = len(np.unique(self.ratings.raters))
        name = NAMES[self.measure]
        said = (
            f"{name} is {value:.3f} ({low:.2f} to {high:.2f} at {percent(self.confidence)}) over "
            f"{units:,} items that at least two of {raters:,} annotators labelled. {NO_ACCURACY}"
        )
        return Agreement(
            self.measure, self.scale, value, low, high, observed, units, raters,
            len(self.ratings), method, said, self.confidence,
        )  # fmt: skip

    def _observed(self) -> float:
        """Return the share of pairs of ratings that are equal, each item counted once."""
        sparse = _sparse(self.ratings)
        pairs = sparse.sizes * (sparse.sizes - 1)
        same = np.bincount(sparse.unit, sparse.count * (sparse.count - 1), len(pairs))
        return float(np.mean(same / pairs))

    def _flawless(self, units: int) -> float:
        """Return the lower bound where no item was disagreed on: resampling would show none.

        At most a share u of items is disagreed on (Clopper-Pearson of 0 in `units`), each as two
        ratings taken by chance that differ.
        """
        most = exact_interval(0, units, self.confidence)[1]
        totals = np.bincount(self.ratings.values).astype(np.float64)
        differ = 1 - float(np.sum((totals / totals.sum()) ** 2))
        return max(-1.0, 1 - most / differ)


NAMES = {
    "alpha": "Krippendorff's alpha",
    "fleiss": "Fleiss' kappa",
    "cohen": "Cohen's kappa",
}


def _coefficient(observed: float, expected: float) -> float | None:
    """Return 1 − observed ÷ expected; None where nothing is to be expected."""
    return 1 - observed / expected if expected > 0 else None
