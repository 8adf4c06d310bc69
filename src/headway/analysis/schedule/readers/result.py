"""What reading a plan file gives: the plan, what it could not take, and the source itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers.xml_tree import Element

#: Places that a sentence names before it only counts.
MOST_PLACES = 8


@dataclass(frozen=True, slots=True)
class Carried:
    """The document a plan was read from, and the plan as it was then.

    A writer of the same format writes what is the plan's own and leaves the rest as it stood.
    `tasks` and `resources` tell the UID of each item and resource there.
    """

    root: Element
    plan: Plan
    tasks: dict[str, int]
    resources: dict[str, int]


@dataclass(frozen=True, slots=True)
class Read:
    """A plan that was read. `notes` are sentences: what the file holds and the plan does not."""

    plan: Plan
    notes: tuple[str, ...] = ()
    carried: Carried | None = None


@dataclass(slots=True)
class Losses:
    """What is lost on the way: one sentence for each sort of thing, with its places."""

    places: dict[str, list[str]] = field(default_factory=dict)

    def tell(self, what: str, place: str = "") -> None:
        """Remember that `what` happened, at `place` where it has one."""
        found = self.places.setdefault(what, [])
        if place:
            found.append(place)

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each thing told, in the order in which it was first told."""
        return tuple(_sentence(what, found) for what, found in self.places.items())


def _sentence(what: str, places: list[str]) -> str:
    if not places:
        return f"{what}."
    distinct = list(dict.fromkeys(places))
    shown = ", ".join(distinct[:MOST_PLACES])
    more = len(distinct) - MOST_PLACES
    return f"{what}: {shown}{f' and {more} more' if more > 0 else ''}."
