"""How often an annotator is right: only against items whose true label is known (gold).

Of regions each one is a case: right where a gold region of its class is matched (`matching`), wrong
where the class is another, where gold has none, and where a gold region was not drawn. Regions of
one item share its fate, so that their interval is that of fewer cases: the effective sample size
by the design effect (Korn and Graubard 1998).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.analysis.agreement.differences import NOTHING, Confusion
from headway.analysis.agreement.matching import THRESHOLD, Drawn, matches_of, sets_of
from headway.analysis.shares import share_interval

#: Classes taken for each other that are kept of one annotator.
MOST_CONFUSIONS = 5


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


def accuracy_of(
    rater: str, right: int, of: int, confidence: float = 0.95, *, effective: float | None = None
) -> Accuracy:
    """Return the accuracy of `right` in `of` gold cases.

    `effective` is how many independent cases they are worth, where that is fewer.
    """
    value = right / of if of else None
    cases = of if effective is None else min(effective, of)
    low, high = share_interval(value or 0.0, cases, confidence)
    return Accuracy(rater, right, of, value, low, high, confidence)


@dataclass(frozen=True, slots=True)
class Judged:
    """An annotator against gold: `right` of `of` cases over `items`, worth `effective` of them.

    `overlap` is the mean IoU of what is right, None for labels without a region. `confusions` are
    (gold, said, how often); an empty word is a region that one of both did not draw.
    """

    rater: str
    right: int
    of: int
    items: int
    effective: float
    overlap: float | None
    confusions: tuple[Confusion, ...]


def labels_on_gold(
    labelled: Iterable[tuple[Hashable, str, object]], gold: Mapping[Hashable, object]
) -> tuple[Judged, ...]:
    """Return each rater against gold over (item, rater, label), by rater."""
    pairs: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for item, rater, label in labelled:
        if item in gold:
            pairs[rater][str(gold[item]), str(label)] += 1
    found = []
    for rater, counts in sorted(pairs.items()):
        of = sum(counts.values())
        right = sum(count for (true, said), count in counts.items() if true == said)
        found.append(Judged(rater, right, of, of, float(of), None, _most(counts)))
    return tuple(found)


def regions_on_gold(
    drawn: Iterable[Drawn], gold: Iterable[Drawn], *, threshold: float = THRESHOLD
) -> tuple[Judged, ...]:
    """Return each rater against the gold regions of the items that they drew on, by rater."""
    true = {one.item: one for one in gold}
    mine = sorted((one for one in drawn if one.item in true), key=lambda one: (one.rater, one.item))
    sets = sets_of([part for one in mine for part in (true[one.item], one)])
    golden = np.arange(0, 2 * len(mine), 2)
    found = matches_of(sets, golden, golden + 1, threshold)
    same = sets.labels[found.first] == sets.labels[found.second]
    right = np.bincount(found.pair[same], minlength=len(mine))
    shared = np.bincount(found.pair[same], found.overlap[same], len(mine))
    cases = sets.count[golden] + sets.count[golden + 1] - np.bincount(
        found.pair, minlength=len(mine)
    )  # fmt: skip
    confused = _confused(sets.names, sets.labels, found.first[~same], found.second[~same])
    by_pair = _of_pairs(found.pair[~same], confused)
    lone = _alone(mine, true, sets.labels, (found.first, found.second), sets.names)
    by_rater: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(mine[: found.pairs]):
        by_rater[one.rater].append(place)
    return tuple(
        _judged(rater, places, (right, cases, shared), [by_pair, lone])
        for rater, places in sorted(by_rater.items())
    )


def effective_size(right: Sequence[int], cases: Sequence[int]) -> float:
    """Return how many independent cases those of several items are worth, at most all of them.

    The variance of a ratio over items against that of as many single cases. Where all cases have
    one fate, or one item holds them all, they are worth no more than the items are.
    """
    hits, of = np.asarray(right, np.float64), np.asarray(cases, np.float64)
    total, items = float(of.sum()), int(np.count_nonzero(of))
    if not total:
        return 0.0
    share = float(hits.sum()) / total
    if items < 2 or share in (0.0, 1.0):
        return float(items)
    rest = hits - share * of
    variance = items / (items - 1) * float(rest @ rest) / (total * total)
    return float(min(total, share * (1 - share) / variance)) if variance > 0 else total


def _judged(
    rater: str,
    places: Sequence[int],
    counts: tuple[np.ndarray, np.ndarray, np.ndarray],
    confusions: Sequence[Mapping[int, Counter[tuple[str, str]]]],
) -> Judged:
    right, cases, shared = (one[places] for one in counts)
    pairs: Counter[tuple[str, str]] = Counter()
    for known in confusions:
        for place in places:
            pairs.update(known.get(place, {}))
    hits = int(right.sum())
    return Judged(
        rater, hits, int(cases.sum()), len(places), effective_size(right.tolist(), cases.tolist()),
        float(shared.sum()) / hits if hits else None, _most(pairs),
    )  # fmt: skip


def _confused(
    names: Sequence[str], labels: np.ndarray, one: np.ndarray, two: np.ndarray
) -> list[tuple[str, str]]:
    return [(names[a], names[b]) for a, b in zip(labels[one], labels[two], strict=True)]


def _of_pairs(
    pair: np.ndarray, confused: Sequence[tuple[str, str]]
) -> Mapping[int, Counter[tuple[str, str]]]:
    found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for place, names in zip(pair.tolist(), confused, strict=True):
        found[place][names] += 1
    return found


def _alone(
    mine: Sequence[Drawn],
    true: Mapping[str, Drawn],
    labels: np.ndarray,
    matched: tuple[np.ndarray, np.ndarray],
    names: Sequence[str],
) -> Mapping[int, Counter[tuple[str, str]]]:
    """Return by pair the gold regions that were not drawn, and those drawn where gold has none."""
    met = np.zeros(len(labels), bool)
    for side in matched:
        met[side] = True
    found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    region = 0
    for place, one in enumerate(mine):
        for is_gold, held in ((True, true[one.item]), (False, one)):
            for _ in held.regions:
                if not met[region]:
                    name = names[labels[region]]
                    found[place][(name, NOTHING) if is_gold else (NOTHING, name)] += 1
                region += 1
    return found


def _most(pairs: Mapping[tuple[str, str], int]) -> tuple[Confusion, ...]:
    wrong = [(names, count) for names, count in pairs.items() if names[0] != names[1]]
    wrong.sort(key=lambda one: (-one[1], one[0]))
    return tuple(Confusion(*names, count) for names, count in wrong[:MOST_CONFUSIONS])
