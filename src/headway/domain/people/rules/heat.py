"""The heat map as values: what each row is asked for in each week, of what it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from headway.domain.people.rules.loads import HOUR, Whole

#: Loads are told apart in this many shades up to what there is; above it a cell is red.
SHADES = 5


class Blame(StrEnum):
    """Whose work takes a row above what it has."""

    NONE = ""
    HERE = "here"  # this program alone asks for more than there is
    OTHERS = "others"  # it would be above without this program, too
    TOGETHER = "together"  # neither alone, but both


@dataclass(frozen=True)
class Heat:
    """Rows by weeks, in millionths of a minute. `here` is what the program looked at asks for.

    `tentative` stands apart: it never counts towards `load`.
    """

    capacity: Whole
    here: Whole
    others: Whole
    tentative: Whole

    @cached_property
    def load(self) -> Whole:
        """Return the firm load, whoever asks for it."""
        return self.here + self.others

    @cached_property
    def free(self) -> Whole:
        """Return what is left of each week, never negative."""
        return np.asarray(np.maximum(self.capacity - self.load, 0), dtype=np.int64)

    @cached_property
    def is_above(self) -> NDArray[np.bool_]:
        """Say where more is asked for than there is: the only cells that are red."""
        return self.load > self.capacity

    @cached_property
    def percent(self) -> Whole:
        """Return the load in whole percent, rounded down above capacity never to 100; -1 for none.

        What is asked for where there is nothing at all is 999.
        """
        some = np.maximum(self.capacity, 1)
        share = np.minimum(self.load * 100 // some, 998)
        share = np.where(self.is_above & (share <= 100), 101, share)
        empty = np.where(self.load > 0, 999, -1)
        return np.where(self.capacity > 0, share, empty)

    @cached_property
    def shade(self) -> Whole:
        """Return 0 for no load up to SHADES for full, SHADES + 1 above; -1 where nothing is."""
        full = np.where(self.capacity > 0, self.capacity, 1)
        steps = -(-self.load * SHADES // full)
        shade = np.where(self.is_above, SHADES + 1, np.minimum(steps, SHADES))
        return np.where((self.capacity == 0) & (self.load == 0), -1, shade)

    @cached_property
    def blame(self) -> NDArray[np.int64]:
        """Return whose work takes each cell above: places in `BLAMES`."""
        alone, without = self.here > self.capacity, self.others > self.capacity
        found = np.where(without, 2, np.where(alone, 1, 3))
        return np.where(self.is_above, found, 0)


BLAMES = (Blame.NONE, Blame.HERE, Blame.OTHERS, Blame.TOGETHER)


def hours(value: int) -> float:
    """Return millionths of a minute in hours."""
    return value / HOUR


def overtime(load: int, capacity: int) -> float | None:
    """Return the share of a load that is above capacity; None without a load."""
    return None if load <= 0 else max(0, load - capacity) / load
