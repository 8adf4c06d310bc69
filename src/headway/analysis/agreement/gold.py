"""How often an annotator is right: only against items whose true label is known (gold)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from headway.analysis.agreement.proportions import exact_interval


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The share of gold items that somebody labelled right, with its exact interval.

    `value` is None where they labelled no gold item.
    """

    rater: str
    right: int
    of: int
    value: float | None
    low: float
    high: float
    confidence: float = 0.95

    def verdict(self, bar: float) -> str:
        """Return met, unmet or insufficient: what the interval says of a `bar`."""
        if not self.of:
            return "missing"
        if self.low >= bar:
            return "met"
        return "unmet" if self.high < bar else "insufficient"


def accuracy_of(rater: str, right: int, of: int, confidence: float = 0.95) -> Accuracy:
    """Return the accuracy of `right` in `of` gold items."""
    low, high = exact_interval(right, of, confidence)
    return Accuracy(rater, right, of, right / of if of else None, low, high, confidence)


def accuracy_on_gold(
    labelled: Iterable[tuple[Hashable, str, object]],
    gold: Mapping[Hashable, object],
    confidence: float = 0.95,
) -> tuple[Accuracy, ...]:
    """Return each rater's accuracy over (item, rater, label) of items in `gold`, by rater."""
    counts: dict[str, tuple[int, int]] = {}
    for item, rater, label in labelled:
        if item in gold:
            right, of = counts.get(rater, (0, 0))
            counts[rater] = (right + (label == gold[item]), of + 1)
    return tuple(
        accuracy_of(rater, *counts[rater], confidence=confidence) for rater in sorted(counts)
    )
