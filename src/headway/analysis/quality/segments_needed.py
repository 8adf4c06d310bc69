"""How many rows each segment lacks until all have their share of a population."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its rows, its share of them, that of the population, and rows it still needs."""

    name: str
    rows: int
    share: float
    target: float
    needs: int

    @property
    def ratio(self) -> float:
        """Return its share over that of the population."""
        return self.share / self.target


def segments_needed(
    counts: Mapping[Key, float], target: Mapping[Key, float], within: float, least: int
) -> list[Segment]:
    """Return each segment of `target` (shares that add up to 1), the least covered first.

    A segment is covered when it has `1 - within` of its share of all rows, and `least` rows.
    `needs` are the fewest rows that, added to all of them together, cover all: adding to one makes
    the others' share smaller, so the total grows until it holds still. `within` is above 0.
    """
    rows = {key: int(counts.get(key, 0)) for key in target}
    total = sum(int(count) for count in counts.values())
    wanted = {key: share * (1 - within) for key, share in target.items()}
    added = dict.fromkeys(target, 0)
    while True:
        size = total + sum(added.values())
        grown = {
            key: max(0, math.ceil(share * size - 1e-9), least) for key, share in wanted.items()
        }
        needs = {key: max(0, grown[key] - rows[key]) for key in target}
        if needs == added:
            break
        added = needs
    found = [
        Segment(", ".join(key), rows[key], rows[key] / total if total else 0.0, share, added[key])
        for key, share in target.items()
    ]
    return sorted(found, key=lambda one: (one.ratio, one.name))
