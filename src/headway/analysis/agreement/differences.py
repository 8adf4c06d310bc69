"""Where annotators differ: by class, by annotator, and which two classes are taken for each other.

The share agreed of a class is the proportion of specific agreement (Spitzer and Fleiss 1974): of
all that one of a pair of annotators called so, what the other called so too. For regions it is F1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from headway.analysis.agreement.matching import Codes, Matches, Sets
from headway.analysis.agreement.ratings import Ratings

#: Lines of each sort that are kept, those with most to say.
MOST_CLASSES, MOST_RATERS, MOST_CONFUSIONS = 200, 1_000, 50
#: What stands for a region that the other did not draw.
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A class or an annotator: how often it was `said` before another, who `agreed` so often."""

    name: str
    said: int
    agreed: int

    @property
    def share(self) -> float | None:
        """Return the share agreed."""
        return self.agreed / self.said if self.said else None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two classes of one thing, and how often; `second` empty where the other marked nothing."""

    first: str
    second: str
    count: int


@dataclass(frozen=True, slots=True)
class Differences:
    """Classes and annotators by name, confusions by how often."""

    classes: tuple[Line, ...] = ()
    raters: tuple[Line, ...] = ()
    confusions: tuple[Confusion, ...] = ()


def label_differences(ratings: Ratings, raters: tuple[str, ...]) -> Differences:
    """Return where annotators differ about labels; `raters` are names by code."""
    found = ratings.of_several()
    if not len(found):
        return Differences()
    width = len(found.labels)
    cells, where, counts = np.unique(
        found.items * width + found.values, return_inverse=True, return_counts=True
    )
    others = np.bincount(found.items)[found.items] - 1
    same = counts[where] - 1
    by_class = _lines(found.values, others, same, [str(one) for one in found.labels])
    by_rater = _lines(found.raters, others, same, raters)
    pairs: Counter[tuple[str, str]] = Counter()
    item, label = cells // width, cells % width
    starts = np.flatnonzero(np.diff(item, prepend=-1))
    ends = np.append(starts[1:], len(item))
    for start, end in zip(starts, ends, strict=True):
        for one in range(start, end):
            for two in range(one + 1, end):
                names = str(found.labels[label[one]]), str(found.labels[label[two]])
                pairs[names] += int(counts[one] * counts[two])
    return _kept(by_class, by_rater, pairs)


def _lines(codes: Codes, said: Codes, agreed: Codes, names: Iterable[str]) -> list[Line]:
    known = list(names)
    total = np.bincount(codes, said, len(known)).astype(np.int64)
    right = np.bincount(codes, agreed, len(known)).astype(np.int64)
    return [
        Line(name, int(total[place]), int(right[place]))
        for place, name in enumerate(known)
        if total[place]
    ]


def differences_between(sets: Sets, pairs: tuple[Codes, Codes], found: Matches) -> Differences:
    """Return where annotators differ about regions, of the compared pairs of sets."""
    same = sets.labels[found.first] == sets.labels[found.second]
    times = _times(sets, pairs)
    hit = np.zeros(len(sets.boxes), np.int64)
    met = np.zeros(len(sets.boxes), np.int64)
    for side in (found.first, found.second):
        np.add.at(met, side, 1)
        np.add.at(hit, side[same], 1)
    raters, owner = _owners(sets)
    by_class = _lines(sets.labels, times, hit, sets.names)
    by_rater = _lines(owner, times, hit, raters)
    names = sets.names
    confused: Counter[tuple[str, str]] = Counter()
    for one, two in zip(
        sets.labels[found.first[~same]], sets.labels[found.second[~same]], strict=True
    ):
        confused[names[min(one, two)], names[max(one, two)]] += 1
    alone = np.bincount(sets.labels, times - met, len(names)).astype(np.int64)
    confused |= {(name, NOTHING): int(alone[place]) for place, name in enumerate(names)}
    return _kept(by_class, by_rater, confused)


def _times(sets: Sets, pairs: tuple[Codes, Codes]) -> Codes:
    """Return in how many pairs of sets each region was compared."""
    by_set = np.bincount(np.concatenate(pairs), minlength=len(sets.count))
    return np.repeat(by_set, sets.count)


def _owners(sets: Sets) -> tuple[list[str], Codes]:
    """Return the annotators by name, and whose each region is."""
    names = sorted({one.rater for one in sets.drawn})
    codes = {name: place for place, name in enumerate(names)}
    by_set = np.array([codes[one.rater] for one in sets.drawn], np.int64)
    return names, np.repeat(by_set, sets.count)


def _kept(
    classes: Iterable[Line], raters: Iterable[Line], confused: Mapping[tuple[str, str], int]
) -> Differences:
    """Return the lines that have most to say, by name; confusions by how often."""
    often = sorted(confused.items(), key=lambda one: (-one[1], one[0]))
    return Differences(
        _most(classes, MOST_CLASSES),
        _most(raters, MOST_RATERS),
        tuple(Confusion(*pair, count) for pair, count in often[:MOST_CONFUSIONS] if count),
    )


def _most(lines: Iterable[Line], most: int) -> tuple[Line, ...]:
    chosen = sorted(lines, key=lambda one: (-one.said, one.name))[:most]
    return tuple(sorted(chosen, key=lambda one: one.name))
