"""Fairness gaps between the groups of a column: what share is selected, found, wrongly accused.

For each group: selection rate, true and false positive rate (Wilson), calibration (mean score less
share of positives). For each of them the largest difference between two groups. These two are
chosen among all pairs, so the interval of the difference is at 1 - alpha / pairs (Bonferroni):
Newcombe's hybrid of Wilson intervals (Statistics in Medicine 17, 1998, method 10), for calibration
the normal one. The ratio of the lowest to the highest selection rate is held against four fifths
(29 CFR 1607.4 D), its interval on the logarithm (Katz and others, Biometrics 34, 1978). A gap is a
question to people, not an answer: which of these should be equal is theirs to decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np

from headway.analysis.segments.binary import WILSON
from headway.analysis.segments.calibrating import bias
from headway.analysis.segments.groupings import Grouping
from headway.analysis.segments.intervals import shares, z_of
from headway.analysis.segments.judging import Verdict
from headway.analysis.segments.measured import Estimate, Numbers, finite
from headway.analysis.segments.tallies import FN, FP, TN, TP, Tally

FOUR_FIFTHS = 0.8
RATES = ("selection_rate", "true_positive_rate", "false_positive_rate")


@dataclass(frozen=True, slots=True)
class Difference:
    """The largest difference of a rate between two groups, with their names."""

    value: float | None
    low: float | None
    high: float | None
    highest: str
    lowest: str


@dataclass(frozen=True, slots=True)
class FourFifths:
    """The ratio of the lowest to the highest selection rate, held against four fifths."""

    ratio: float | None
    low: float | None
    high: float | None
    lowest: str
    highest: str
    verdict: Verdict
    sentence: str


@dataclass(frozen=True, slots=True)
class Fairness:
    """The groups of one column: each rate by group, the largest gaps, and the four-fifths ratio."""

    by: str
    groups: tuple[str, ...]
    n: tuple[int, ...]
    rates: Mapping[str, tuple[Estimate, ...]]
    gaps: Mapping[str, Difference]
    four_fifths: FourFifths

    def as_json(self) -> dict[str, object]:
        """Return the keys of the JSON answer."""
        return {
            "by": self.by,
            "groups": [
                {
                    "segment": name,
                    "n": self.n[at],
                    **{rate: found[at].as_json() for rate, found in self.rates.items()},
                }
                for at, name in enumerate(self.groups)
            ],
            "gaps": {
                rate: {
                    "value": gap.value,
                    "low": gap.low,
                    "high": gap.high,
                    "highest": gap.highest,
                    "lowest": gap.lowest,
                }
                for rate, gap in self.gaps.items()
            },
            "four_fifths": {
                "ratio": self.four_fifths.ratio,
                "low": self.four_fifths.low,
                "high": self.four_fifths.high,
                "bound": FOUR_FIFTHS,
                "lowest": self.four_fifths.lowest,
                "highest": self.four_fifths.highest,
                "verdict": self.four_fifths.verdict.value,
                "sentence": self.four_fifths.sentence,
            },
        }


@dataclass(frozen=True, slots=True)
class _Rate:
    count: Numbers
    of: Numbers

    def value(self, at: int) -> float:
        return float(self.count[at] / self.of[at])


def fairness(grouping: Grouping, tally: Tally, least: int, confidence: float) -> Fairness:
    """Return the gaps between the groups; those with fewer than `least` rows make none."""
    cells = tally["confusion"]
    found = {
        "selection_rate": _Rate(cells[:, TP] + cells[:, FP], tally["n"]),
        "true_positive_rate": _Rate(cells[:, TP], cells[:, TP] + cells[:, FN]),
        "false_positive_rate": _Rate(cells[:, FP], cells[:, FP] + cells[:, TN]),
    }
    large = [int(at) for at in np.flatnonzero(tally["n"] >= least)]
    pairs = max(len(large) * (len(large) - 1) // 2, 1)
    z = NormalDist().inv_cdf(1 - (1 - confidence) / (2 * pairs))
    rates = {name: _estimates(rate, z_of(confidence)) for name, rate in found.items()}
    gaps = {name: _difference(rate, large, grouping.labels, z) for name, rate in found.items()}
    if "score" in tally:
        rates["calibration"], gaps["calibration"] = _calibration(
            tally, large, grouping.labels, (confidence, z)
        )
    return Fairness(
        grouping.columns[0],
        grouping.labels,
        tuple(int(n) for n in tally["n"]),
        rates,
        gaps,
        _four_fifths(found["selection_rate"], large, grouping.labels, z),
    )


def _estimates(rate: _Rate, z: float) -> tuple[Estimate, ...]:
    low, high = shares(rate.count, rate.of, z)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = rate.count / rate.of
    return tuple(
        Estimate(finite(one), finite(low[at]), finite(high[at]), int(rate.of[at]), WILSON)
        for at, one in enumerate(value)
    )


def _ends(rate: _Rate, large: Sequence[int]) -> tuple[int, int] | None:
    """Return the groups with the highest and the lowest rate; None with fewer than two known."""
    known = [at for at in large if rate.of[at] > 0]
    if len(known) < 2:
        return None
    return max(known, key=rate.value), min(known, key=rate.value)


def _difference(rate: _Rate, large: Sequence[int], names: Sequence[str], z: float) -> Difference:
    ends = _ends(rate, large)
    if ends is None:
        return Difference(None, None, None, "", "")
    top, bottom = ends
    low, high = shares(rate.count, rate.of, z)
    first, second = rate.value(top), rate.value(bottom)
    value = first - second
    return Difference(
        value,
        value - sqrt((first - low[top]) ** 2 + (high[bottom] - second) ** 2),
        value + sqrt((high[top] - first) ** 2 + (second - low[bottom]) ** 2),
        names[top],
        names[bottom],
    )


def _calibration(
    tally: Tally, large: Sequence[int], names: Sequence[str], levels: tuple[float, float]
) -> tuple[tuple[Estimate, ...], Difference]:
    confidence, z = levels
    found = bias(tally, tally, confidence)
    each = tuple(found.at(at) for at in range(len(names)))
    known = [at for at in large if np.isfinite(found.variance[at])]
    if len(known) < 2:
        return each, Difference(None, None, None, "", "")
    top = max(known, key=lambda at: float(found.value[at]))
    bottom = min(known, key=lambda at: float(found.value[at]))
    value = float(found.value[top] - found.value[bottom])
    reach = z * sqrt(float(found.variance[top] + found.variance[bottom]))
    return each, Difference(value, value - reach, value + reach, names[top], names[bottom])


def _four_fifths(rate: _Rate, large: Sequence[int], names: Sequence[str], z: float) -> FourFifths:
    ends = _ends(rate, large)
    if ends is None:
        sentence = "Fewer than two groups are large enough to compare."
        return FourFifths(None, None, None, "", "", Verdict.INSUFFICIENT, sentence)
    top, bottom = ends
    who = names[bottom], names[top]
    if rate.count[top] == 0:
        sentence = "Nobody is selected in any group."
        return FourFifths(None, None, None, *who, Verdict.INSUFFICIENT, sentence)
    ratio = rate.value(bottom) / rate.value(top)
    low, high = _ratio_ends(rate, ends, z)
    shown = f"{who[0]} is selected {ratio:.3g} times as often as {who[1]} ({low:.3g} to {high:.3g})"
    if low >= FOUR_FIFTHS:
        sentence = f"{shown}: at least four fifths are shown."
        return FourFifths(ratio, low, high, *who, Verdict.MET, sentence)
    though = ", although the ratio itself passes" if ratio >= FOUR_FIFTHS else ""
    sentence = f"{shown}: at least four fifths are not shown{though}."
    return FourFifths(ratio, low, high, *who, Verdict.UNMET, sentence)


def _ratio_ends(rate: _Rate, ends: tuple[int, int], z: float) -> tuple[float, float]:
    """Return the interval of lowest / highest; half a row is added where none is selected."""
    top, bottom = ends
    add = 0.5 if rate.count[bottom] == 0 else 0.0
    counts = [float(rate.count[at]) + add for at in (bottom, top)]
    of = [float(rate.of[at]) + add for at in (bottom, top)]
    middle = log(counts[0] / of[0]) - log(counts[1] / of[1])
    reach = z * sqrt(sum(1 / counts[at] - 1 / of[at] for at in (0, 1)))
    low, high = exp(middle - reach), exp(middle + reach)
    return (0.0 if add else low), high
