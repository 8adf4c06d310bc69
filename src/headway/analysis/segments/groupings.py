"""Groupings: which segment each row belongs to, by one column or by a pair of them.

A category is a segment of its own. A column of numbers with more than `FEW` values is cut at its
quantiles, which are values of the data; the edges are part of the answer. Rows without a value make
a segment too: what is missing is often what is weak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.measured import Numbers
from headway.analysis.segments.tallies import Codes
from headway.analysis.summaries.by_group import Held
from headway.analysis.summaries.cells import Key

#: Numbers with at most this many values are categories.
FEW = 12
#: The most segments that one column makes; the values beyond, the rarest, are taken together.
MOST = 1_000
#: The most pairs of segments that are told.
MOST_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class Grouping:
    """Segments by one or two columns.

    `code` is the segment of each row; the code `len(labels)` is left out. `parts` holds, for each
    segment, the value of each column as a text.
    """

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    parts: tuple[Mapping[str, str], ...]
    code: Codes

    @property
    def size(self) -> int:
        """Return the number of segments."""
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Cut:
    """A grouping by one column, the edges where numbers were cut, and what is to be said of it."""

    grouping: Grouping
    edges: tuple[float, ...] | None
    notes: tuple[str, ...]


def by_key(held: Held, key: Key, n: Numbers) -> Cut:
    """Return the segments of one column of cells with `n` rows each, cut where `key` says."""
    name, codes = key.column.name, held.coded()
    if key.edges is None:
        texts = [
            _month(value) if held.column is not key.column else str(value) for value in codes.values
        ]
        return _by_value(name, codes.codes, texts, MOST, n)
    code = held.numbers().astype(np.int32)
    ends = ["", *(_text(edge) for edge in key.edges), ""]
    texts = [
        f"[{one}, {other})" if one and other else f"below {other}" if other else f"from {one}"
        for one, other in pairwise(ends)
    ]
    signs = [f"{name} in {text}" if "[" in text else f"{name} {text}" for text in texts]
    kept = np.unique(code)
    if -1 in kept:
        code = np.where(code < 0, len(texts), code)
        texts, signs = [*texts, "missing"], [*signs, f"{name} missing"]
    return Cut(_grouping(name, signs, texts, code), key.edges, ())


def _month(value: object) -> str:
    return f"{int(str(value)) // 100}-{int(str(value)) % 100:02d}"


def by_column(held: Held, used: NDArray[np.bool_], bins: int, most: int = MOST) -> Cut:
    """Return the segments of one column over the rows that are `used`."""
    name = held.column.name
    if held.column.kind.is_numeric:
        numbers = held.numbers()[used]
        known = np.isfinite(numbers)
        if len(np.unique(numbers[known][:10_000])) > FEW or len(np.unique(numbers[known])) > FEW:
            return _by_quantile(name, numbers, known, bins)
    coded = held.coded()
    return _by_value(name, coded.codes[used], [str(value) for value in coded.values], most)


def _by_quantile(
    name: str, numbers: NDArray[np.float64], known: NDArray[np.bool_], bins: int
) -> Cut:
    values = numbers[known]
    shares = np.arange(1, bins) / bins
    inner = np.unique(np.quantile(values, shares, method="inverted_cdf"))
    low, high = float(values.min()), float(values.max())
    edges = (low, *(float(edge) for edge in inner if edge > low), high)
    code = np.searchsorted(np.array(edges[1:-1]), numbers, side="right").astype(np.int32)
    texts = [f"[{_text(one)}, {_text(next_)})" for one, next_ in pairwise(edges)]
    texts[-1] = f"{texts[-1][:-1]}]"
    signs = [f"{name} in {text}" for text in texts]
    if not known.all():
        code[~known] = len(texts)
        texts.append("missing")
        signs.append(f"{name} missing")
    return Cut(_grouping(name, signs, texts, code), edges, ())


def _by_value(
    name: str, codes: Codes, texts: list[str], most: int, n: Numbers | None = None
) -> Cut:
    """Return a segment for each value that a row has, the rarest beyond `most` as one."""
    code = np.where(codes < 0, len(texts), codes).astype(np.int32)
    texts = [*texts, "missing"]
    counts = np.bincount(code, n, minlength=len(texts))
    kept = np.flatnonzero(counts)
    notes: tuple[str, ...] = ()
    place = np.full(len(texts), -1, dtype=np.int32)
    others = 0
    if len(kept) > most:
        others = len(kept) - most + 1
        kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")[: most - 1]])
        notes = (
            f"{name} has {len(kept) + others:,} values; the {others:,} rarest make one segment.",
        )
    place[kept] = np.arange(len(kept))
    place[place < 0] = len(kept)
    found = [texts[at] for at in kept] + ([f"{others:,} other values"] if others else [])
    signs = [f"{name} missing" if at == len(texts) - 1 else f"{name}={texts[at]}" for at in kept]
    signs += [f"{name}: {others:,} other values"] if others else []
    return Cut(_grouping(name, signs, found, place[code]), None, notes)


def _grouping(name: str, signs: Sequence[str], texts: Sequence[str], code: Codes) -> Grouping:
    return Grouping((name,), tuple(signs), tuple({name: text} for text in texts), code)


def pairs_of(
    singles: Sequence[Grouping], least: int, n: Numbers | None = None
) -> tuple[list[Grouping], tuple[str, ...]]:
    """Return the pairs of segments of different columns with at least `least` rows, and notes.

    `n` are the rows of each cell, where cells are divided and not rows.
    """
    found = [_pair(one, other, least, n) for one, other in combinations(singles, 2)]
    groupings = [grouping for grouping, _ in found if grouping.size]
    small = sum(left for _, left in found)
    notes = []
    if small:
        notes.append(f"Left out are pairs with fewer than {least:,} rows: {small:,} of them.")
    kept, told = [], 0
    for grouping in groupings:
        if told + grouping.size > MOST_PAIRS:
            notes.append(
                f"Only {told:,} pairs are told: with {' and '.join(grouping.columns)} they would "
                f"be more than {MOST_PAIRS:,}. Name fewer columns."
            )
            break
        kept.append(grouping)
        told += grouping.size
    return kept, tuple(notes)


def _pair(one: Grouping, other: Grouping, least: int, n: Numbers | None) -> tuple[Grouping, int]:
    """Return the pairs with enough rows, and how many have too few."""
    crossed = one.code.astype(np.int64) * other.size + other.code
    counts = np.bincount(crossed, n, minlength=one.size * other.size)
    kept = np.flatnonzero(counts >= max(least, 1))
    place = np.full(len(counts), len(kept), dtype=np.int32)
    place[kept] = np.arange(len(kept))
    sides = [divmod(int(at), other.size) for at in kept]
    labels = tuple(f"{one.labels[a]} & {other.labels[b]}" for a, b in sides)
    parts = tuple({**one.parts[a], **other.parts[b]} for a, b in sides)
    small = int(np.count_nonzero(counts)) - len(kept)
    return Grouping(one.columns + other.columns, labels, parts, place[crossed]), small


def _text(value: float) -> str:
    return f"{value:.6g}"
