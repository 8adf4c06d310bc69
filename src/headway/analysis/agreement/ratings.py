"""Who said what of which item, as whole numbers: the one shape that every coefficient reads."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.errors import Invalid

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings, one a row: codes of the item, the rater and the label; `labels` by their code.

    Items, raters and labels are numbered in sorted order, so that the order of the input cannot
    matter. Each rater rates an item once.
    """

    items: Codes
    raters: Codes
    values: Codes
    labels: tuple[str | float, ...]

    def __len__(self) -> int:
        return len(self.items)

    @property
    def rater_count(self) -> int:
        """Return how many raters gave at least one rating."""
        return int(self.raters.max()) + 1 if len(self.raters) else 0

    def of_several(self) -> Ratings:
        """Return the ratings of items that two or more raters rated: only those can agree."""
        counts = np.bincount(self.items) if len(self) else np.zeros(0, np.int64)
        kept = counts[self.items] >= 2 if len(self) else np.zeros(0, bool)
        items = np.unique(self.items[kept], return_inverse=True)[1].astype(np.int64)
        return Ratings(items, self.raters[kept], self.values[kept], self.labels)

    def numbers(self) -> Floats | None:
        """Return each label as a finite number; None where one is none."""
        try:
            found = [float(label) for label in self.labels]
        except ValueError:
            return None
        return np.array(found) if all(map(math.isfinite, found)) else None


def ratings_of(
    items: Sequence[Hashable],
    raters: Sequence[Hashable],
    labels: Sequence[str | float | None],
    order: Sequence[str | float] = (),
) -> Ratings:
    """Return the ratings of three equally long columns; a label of None is no rating.

    `order` ranks the labels ("low", "medium", "high") and must name each; without it numbers stand
    in their order, and after them texts in theirs. Raises Invalid where columns differ in length,
    where a rater rated an item twice, for NaN, and for a label that `order` lacks.
    """
    if not len(items) == len(raters) == len(labels):
        sentence = (
            f"There are {len(items)} items, {len(raters)} raters and {len(labels)} labels; "
            "give one of each for a rating."
        )
        raise Invalid(sentence)
    kept = [place for place, label in enumerate(labels) if label is not None]
    if len(kept) < len(labels):
        items, raters = [items[one] for one in kept], [raters[one] for one in kept]
        labels = [labels[one] for one in kept]
    _refuse_nan(labels)
    item_codes, _ = _coded(items)
    rater_codes, known_raters = _coded(raters)
    value_codes, known = _coded(labels, order)
    _refuse_twice(item_codes, rater_codes, max(len(known_raters), 1))
    return Ratings(item_codes, rater_codes, value_codes, tuple(known))


def _refuse_nan(labels: Iterable[object]) -> None:
    if any(isinstance(label, float) and not math.isfinite(label) for label in labels):
        sentence = "A label is NaN or infinite; leave a missing rating out, or give None."
        raise Invalid(sentence)


def _coded(
    column: Sequence[Hashable], order: Sequence[str | float] = ()
) -> tuple[Codes, list[str | float]]:
    """Return a column as places in the sorted list of its different values."""
    found = set(column)
    strange = sorted(found - set(order), key=_order) if order else []
    if strange:
        sentence = f"The order of the labels does not name {strange[0]!r}; rank every label once."
        raise Invalid(sentence)
    known = [one for one in dict.fromkeys(order) if one in found] or _sorted(found)
    places = {value: place for place, value in enumerate(known)}
    codes = np.fromiter((places[value] for value in column), np.int64, len(column))
    return codes, known  # type: ignore[return-value]


def _sorted(found: set[Hashable]) -> list[Hashable]:
    """Return values in order; texts, of which there may be a million, without asking each."""
    return sorted(found, key=None if set(map(type, found)) == {str} else _order)  # type: ignore[type-var, arg-type]


def _order(value: object) -> tuple[bool, float, str]:
    """Return a key that sorts numbers as numbers, before texts; true and false are texts."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (False, float(value), "")
    return (True, 0.0, str(value))


def _refuse_twice(items: Codes, raters: Codes, width: int) -> None:
    pairs = items * width + raters
    if len(np.unique(pairs)) != len(pairs):
        sentence = "A rater rated an item twice; keep the rating that stands, and only that."
        raise Invalid(sentence)
