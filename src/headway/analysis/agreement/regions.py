"""How far annotators mark the same: boxes, polygons and spans by overlap, not by class alone.

Of two annotators' regions on an item, matched by overlap (`matching`): the matched share (F1), the
mean IoU of what is matched, how often its class is the same. Panoptic quality (Kirillov and others
2019) is their product over pairs of one class: 2 · sum of IoU ÷ regions of both. Beyond chance:
Krippendorff's alpha in its general form (2011), whose units are items, whose values are all regions
that somebody drew on one, and whose distance is 1 − panoptic quality (a custom distance between
whole annotations, as Braylan, Alonso and Lease 2022 propose); two who both drew nothing agree.
Chance is what regions drawn on different items share, of seeded pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from headway.analysis.agreement.coefficients import NO_ACCURACY, Agreement
from headway.analysis.agreement.differences import Differences, differences_between
from headway.analysis.agreement.matching import (
    THRESHOLD,
    Codes,
    Drawn,
    Floats,
    Matches,
    Sets,
    matches_of,
    sets_of,
)
from headway.analysis.agreement.proportions import percent
from headway.analysis.agreement.resampling import interval_of
from headway.analysis.chance import uniforms
from headway.analysis.shares import exact_interval

#: Pairs of annotations of different items from which chance is measured.
CHANCE_PAIRS = 2_000
#: Annotators of one item that are compared, each with each.
MOST_RATERS = 30


@dataclass(frozen=True, slots=True)
class RegionAgreement:
    """Agreement about regions: alpha, and what it is made of.

    `matched` is the F1 share of regions that another annotator drew too, `overlap` the mean IoU of
    those, `same_class` the share of them with one class; None where nothing was drawn or matched.
    `left_out` pairs of annotations were not compared, since it would have taken too long.
    """

    alpha: Agreement
    threshold: float
    regions: int
    matched: float | None
    overlap: float | None
    same_class: float | None
    left_out: int
    differences: Differences


def region_agreement(
    drawn: Iterable[Drawn],
    *,
    threshold: float = THRESHOLD,
    seed: int = 0,
    confidence: float = 0.95,
) -> RegionAgreement:
    """Return how far annotators agree about the regions of the items that several drew on.

    Each annotator counts once an item; the order of the input does not matter.
    """
    by_item: dict[str, list[Drawn]] = defaultdict(list)
    for one in drawn:
        by_item[one.item].append(one)
    several = [
        sorted(some, key=lambda one: one.rater)[:MOST_RATERS]
        for _, some in sorted(by_item.items())
        if len(some) > 1
    ]
    sets = sets_of(one for some in several for one in some)
    first, second, unit = _pairs(several, seed)
    found = matches_of(sets, first, second, threshold)
    compared = found.pairs
    first, second, unit = first[:compared], second[:compared], unit[:compared]
    far = _distances(sets, first, second, found)
    differences = differences_between(sets, (first, second), found)
    alpha = _alpha(sets, (unit, far), threshold, seed, confidence, differences)
    total = int((sets.count[first] + sets.count[second]).sum())
    same = sets.labels[found.first] == sets.labels[found.second]
    return RegionAgreement(
        alpha,
        threshold,
        len(sets.boxes),
        2 * len(found.pair) / total if total else None,
        float(np.mean(found.overlap)) if len(found.pair) else None,
        float(np.mean(same)) if len(found.pair) else None,
        sum(len(some) * (len(some) - 1) // 2 for some in several) - compared,
        differences,
    )


def _pairs(several: Sequence[Sequence[Drawn]], seed: int) -> tuple[Codes, Codes, Codes]:
    """Return each two sets of one item, and the item, items in seeded order."""
    order = np.argsort(uniforms(seed, "items compared", len(several)), kind="stable")
    sizes = np.array([len(some) for some in several], np.int64)
    begins = np.cumsum(sizes) - sizes
    rows = [
        (begins[item] + one, begins[item] + two, item)
        for item in order
        for one in range(sizes[item])
        for two in range(one + 1, sizes[item])
    ]
    found = np.array(rows, np.int64).reshape(-1, 3)
    return found[:, 0], found[:, 1], found[:, 2]


def _distances(sets: Sets, first: Codes, second: Codes, found: Matches) -> Floats:
    """Return 1 − panoptic quality of each pair of sets; 0 where both drew nothing."""
    same = sets.labels[found.first] == sets.labels[found.second]
    shared = np.bincount(found.pair[same], found.overlap[same], len(first))
    total = (sets.count[first] + sets.count[second]).astype(np.float64)
    quality = np.divide(2 * shared, total, out=np.ones(len(first)), where=total > 0)
    far: Floats = np.maximum(1 - quality, 0.0)
    return far


def _alpha(  # noqa: PLR0913, PLR0917  what one coefficient is of
    sets: Sets,
    seen: tuple[Codes, Floats],
    threshold: float,
    seed: int,
    confidence: float,
    differences: Differences,
) -> Agreement:
    """Return Krippendorff's alpha of distances within items against those between items."""
    unit, far = seen
    items, place = np.unique(unit, return_inverse=True)
    raters, ratings = len({one.rater for one in sets.drawn}), len(sets.drawn)

    def told(  # the parts of one answer
        value: float | None, low: float | None, high: float | None, method: str, said: str
    ) -> Agreement:
        observed = None if value is None else float(np.mean(_mean_by(place, 1 - far)))
        return Agreement(
            "regions", "iou", value, low, high, observed, len(items), raters, ratings, method,
            said, confidence,
        )  # fmt: skip

    if not len(items):
        said = "No item was marked by two annotators, so there is nothing to compare."
        return told(None, None, None, "none", said)
    expected = _by_chance(sets, threshold, seed)
    if not expected:
        said = "All items are marked alike, so that agreement beyond chance is undefined."
        return told(None, None, None, "none", said)
    # An item of m annotations weighs m; its part is the mean distance of their pairs.
    each = _mean_by(place, far)
    weight = (1 + np.sqrt(1 + 8 * np.bincount(place))) / 2

    def coefficient(times: Floats) -> float | None:
        total = float(np.sum(times * weight))
        return 1 - float(np.sum(times * weight * each)) / total / expected if total else None

    value = coefficient(np.ones(len(items)))
    assert value is not None  # noqa: S101  every item weighs at least two
    if not np.any(far > 0):
        most = exact_interval(0, len(items), confidence)[1]
        low, high, method = max(-1.0, 1 - most / expected), 1.0, "exact"
    else:
        low, high, method = interval_of(
            coefficient, value, len(items), seed=seed, confidence=confidence
        )
    said = (
        f"Krippendorff's alpha of overlaps is {value:.3f} ({low:.2f} to {high:.2f} at "
        f"{percent(confidence)}) over {len(items):,} items that at least two of {raters:,} "
        f"annotators marked; {_parts(differences, threshold)} {NO_ACCURACY}"
    )
    return told(value, low, high, method, said)


def _mean_by(place: Codes, values: Floats) -> Floats:
    """Return the mean of values by place."""
    found: Floats = np.bincount(place, values) / np.bincount(place)
    return found


def _by_chance(sets: Sets, threshold: float, seed: int) -> float:
    """Return the mean distance of annotations of different items, of seeded pairs."""
    total = len(sets.drawn)
    one, two = (
        (uniforms(seed, f"by chance {side}", CHANCE_PAIRS) * total).astype(np.int64)
        for side in (1, 2)
    )
    items = np.unique([each.item for each in sets.drawn], return_inverse=True)[1]
    apart = items[one] != items[two]
    one, two = one[apart], two[apart]
    if not len(one):
        return 0.0
    found = matches_of(sets, one, two, threshold)
    one, two = one[: found.pairs], two[: found.pairs]
    return float(np.mean(_distances(sets, one, two, found)))


def _parts(differences: Differences, threshold: float) -> str:
    said = sum(one.said for one in differences.raters)
    agreed = sum(one.agreed for one in differences.raters)
    share = percent(agreed / said) if said else "none"
    return f"{share} of regions have one of the same class at IoU {threshold:g} or more."
