"""Numbers by item, read as a mapping: one list of ids for all of a plan's tables.

A dictionary of ten thousand names takes longer to make than the critical path that it tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, ValuesView


class ByItem(Mapping[str, float]):
    """The number of each item by its id; `places` says where each stands among the `numbers`."""

    __slots__ = ("numbers", "places")

    def __init__(self, places: Mapping[str, int], numbers: Sequence[float]) -> None:
        """Read `numbers`, in the order of `places`."""
        self.places, self.numbers = places, numbers

    def __getitem__(self, item_id: str) -> float:
        """Return the number of an item. Raises KeyError for one that is not there."""
        return self.numbers[self.places[item_id]]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.numbers)

    def __repr__(self) -> str:
        """Return it as a dictionary is written."""
        return repr(dict(self))

    def values(self) -> ValuesView[float]:
        """Return the numbers, without looking each of them up."""
        return _Numbers(self)


class _Numbers(ValuesView[float]):
    """The numbers of a `ByItem`, in its order."""

    def __init__(self, held: ByItem) -> None:
        super().__init__(held)
        self.numbers = held.numbers

    def __iter__(self) -> Iterator[float]:
        return iter(self.numbers)
