"""What stands in the way of whose open work: the registers' open blockers, by item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries import blocker_standings
from headway.domain.programs.queries import programs_of


@dataclass(frozen=True, slots=True)
class HeldUp:
    """The oldest open blocker of an item; `by` says whose move it is, else what it is.

    `items` are the addresses of everything that it holds up.
    """

    program: str
    key: str
    version: int
    by: str
    items: Sequence[str]


def held_up(actor: Actor, programs: Iterable[str], today: date) -> Mapping[str, HeldUp]:
    """Return what is held up in these programs (by slug), by the item's address."""
    require(actor, Permission.VIEW)
    wanted = set(programs)
    facts = [one for one in programs_of(actor) if one.slug in wanted]
    found: dict[str, HeldUp] = {}
    standings = blocker_standings(actor, facts, today, only_open=True) if facts else {}
    for program in facts:
        for standing in standings[program.id]:
            blocker = standing.blocker
            items = [item.address for item in standing.items]
            held = HeldUp(
                program.slug,
                blocker.key,
                blocker.version,
                blocker.waits_for or blocker.name,
                items,
            )
            for address in items:
                found.setdefault(address, held)
    return found
