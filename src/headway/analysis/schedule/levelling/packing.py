"""A problem as the arrays that the compiled search works on, where it can be put so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.analysis import compiled
from headway.analysis.schedule.levelling.bounds import PATHS
from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Kind,
    Numbers,
    Problem,
)
from headway.errors import Invalid

Words = NDArray[np.uint64]
#: durations, heads, tails, then demands by word (ptr, word, packed), then links (ptr, from, offset)
Direction = tuple[Numbers, Numbers, Numbers, Numbers, Numbers, Words, Numbers, Numbers, Numbers]

LANES = 4
LARGEST_LANE = 0x7FFF
MOST_WORDS = 32_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """The network from both ends. Its activities are numbered along the links by `order`.

    `heads` and `tails` [n]: no start is sooner, and no finish of all is sooner after a start.
    `weights` [n]: the use of all resources together, in millionths of their capacity.
    `odd`: sorting by start may break a link (leads, and links that are not finish to start).
    """

    order: Numbers
    forward: Direction
    backward: Direction
    base: Words
    horizon: int
    heads: Numbers
    tails: Numbers
    weights: Numbers
    odd: bool


def is_plain(problem: Problem) -> bool:
    """Say whether capacities never change, calendars, windows and modes are absent, all fits."""
    levels = np.array([steps[0][1] for steps in problem.capacities], dtype=np.int64)
    return (
        all(len(steps) == 1 for steps in problem.capacities)
        and not problem.modes
        and bool((problem.calendar == ALWAYS).all())
        and bool((problem.links[:, 4] == ALWAYS).all())
        and bool((problem.fixed == FREE).all())
        and bool((problem.latest >= NEVER).all())
        and bool((levels <= LARGEST_LANE).all())
        and bool((problem.demands <= levels).all())
    )


def pack(problem: Problem) -> Packed:
    """Return the arrays of a plain problem."""
    order = problem.order
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    durations = problem.durations[order]
    first, second, offsets = offsets_of(problem, place, durations)
    demands = problem.demands[order]
    levels = np.array([steps[0][1] for steps in problem.capacities], dtype=np.int64)
    scarce = demands.sum(axis=0) > levels
    demands, levels = demands[:, scarce], levels[scarce]
    words = max(1, -(-len(levels) // LANES))
    by_word = _by_word(_packed(demands, words))
    base = _packed(levels[np.newaxis], words)[0] | np.uint64(0x8000800080008000)
    releases = problem.releases[order]
    after = offsets + durations[second] - durations[first]
    forward = _by_target(first, second, offsets, len(order))
    backward = _by_target(second, first, after, len(order))
    reach = (
        int(durations.sum() + releases.max(initial=0) + np.maximum(problem.links[:, 3], 0).sum())
        + 2
    )
    if reach * words > MOST_WORDS:
        sentence = (
            f"The plan may span {reach:,} slots with {len(levels):,} scarce resources; together "
            f"the most is {MOST_WORDS * LANES:,}. Give coarser slots, or level fewer resources."
        )
        raise Invalid(sentence)
    levels = np.maximum(levels, 1)
    none = np.zeros_like(releases)
    ends = durations + releases
    return Packed(
        order=order,
        forward=(durations, releases, durations, *by_word, *forward),
        backward=(durations, none, ends, *by_word, *backward),
        base=base,
        horizon=reach,
        heads=_longest(releases, forward),
        tails=_longest(durations, _by_target(second, first, offsets, len(order)), True),
        weights=(demands * 1_000_000 // levels).sum(axis=1),
        odd=bool((offsets < 0).any() or (after < 0).any()),
    )


def offsets_of(
    problem: Problem, place: Numbers, durations: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return each link as (first, second, slots from start to start at least)."""
    first, second = place[problem.links[:, 0]], place[problem.links[:, 1]]
    kind = problem.links[:, 2]
    from_finish = np.isin(kind, (Kind.FS, Kind.FF)) * durations[first]
    to_finish = np.isin(kind, (Kind.FF, Kind.SF)) * durations[second]
    return first, second, problem.links[:, 3] + from_finish - to_finish


def _packed(rows: Numbers, words: int) -> Words:
    lanes = np.zeros((len(rows), words * LANES), dtype=np.uint64)
    lanes[:, : rows.shape[1]] = rows
    shifts = np.arange(LANES, dtype=np.uint64) * np.uint64(16)
    packed: Words = np.bitwise_or.reduce(lanes.reshape(len(rows), words, LANES) << shifts, axis=2)
    return packed


def _by_word(packed: Words) -> tuple[Numbers, Numbers, Words]:
    rows, columns = np.nonzero(packed)
    counts = np.bincount(rows, minlength=len(packed))
    pointers = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return pointers, columns.astype(np.int64), packed[rows, columns]


def _by_target(
    sources: Numbers, targets: Numbers, offsets: Numbers, size: int
) -> tuple[Numbers, Numbers, Numbers]:
    by_target = np.argsort(targets, kind="stable")
    counts = np.bincount(targets, minlength=size)
    pointers = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return pointers, sources[by_target], offsets[by_target]


def _longest(
    least: Numbers, links: tuple[Numbers, Numbers, Numbers], downwards: bool = False
) -> Numbers:
    """Return the longest path to each activity, which is at least `least`."""
    longest = least.copy()
    compiled.load(PATHS).stretch(*links, downwards, longest)
    return longest
