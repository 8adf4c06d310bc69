"""Compiled: longest paths and the work that must lie between two slots.

Importing this module compiles it, once per installation; import it where it is needed.
"""

from __future__ import annotations

import numpy as np

from headway.analysis.compiled import kernel
from headway.analysis.schedule.levelling.kernels import Numbers, Whole

_A = "int64[::1]"


@kernel(f"void({_A}, {_A}, {_A}, boolean, {_A})")
def stretch(
    pointers: Numbers, sources: Numbers, offsets: Numbers, downwards: bool, longest: Numbers
) -> None:
    """Raise `longest` to the longest path to each activity; links lead up, or `downwards`."""
    n = len(longest)
    for q in range(n):
        j = n - 1 - q if downwards else q
        for k in range(pointers[j], pointers[j + 1]):
            longest[j] = max(longest[j], longest[sources[k]] + offsets[k])


@kernel(f"void({_A}, {_A}, {_A})")
def add_along(pointers: Numbers, followers: Numbers, sums: Numbers) -> None:
    """Add to each activity's number the largest sum of those that follow it."""
    for q in range(len(sums)):
        j = len(sums) - 1 - q
        most = np.int64(0)
        for k in range(pointers[j], pointers[j + 1]):
            most = max(most, sums[followers[k]])
        sums[j] += most


@kernel(f"int64({_A}, {_A}, {_A}, int64)")
def work_bound(heads: Numbers, work: Numbers, after: Numbers, level: Whole) -> Whole:
    """Return the most of head + work / level + rest over all sets of the users of a resource.

    Users come by rest, the longest first. It suffices to look at those whose head is at least one
    of the heads and whose rest is at least one of the rests (Carlier's bound, for the energy of a
    cumulative resource).
    """
    best = np.int64(0)
    for first in range(len(heads)):
        total = np.int64(0)
        for k in range(len(heads)):
            if heads[k] >= heads[first]:
                total += work[k]
                best = max(best, heads[first] + (total + level - 1) // level + after[k])
    return best
