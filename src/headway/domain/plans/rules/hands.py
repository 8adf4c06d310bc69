"""Whose working time work follows: its owner's, and that of the people it needs by name.

A person's week takes the place of the program's calendar; beside a calendar of the item's own, and
beside other people's, it counts too: work goes on while all of them work. Days away are taken off
whichever calendar it is. Who has told no working time changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from headway.analysis.schedule.plan import Calendar
from headway.domain.people.rules.working_time import WorkingTimeFacts, personal_calendar


class Hands:
    """The calendars of people, made for those whose work asks for them."""

    def __init__(
        self, told: Mapping[str, WorkingTimeFacts], taken: Collection[str], first: date | None
    ) -> None:
        """`told` is by any name that means somebody, small; `taken` are names of calendars."""
        self.told = told
        self.first = first or date(1970, 1, 1)
        self.taken = set(taken)
        self.made: dict[UUID, Calendar] = {}

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """Return the calendars that were asked for."""
        return tuple(self.made.values())

    def of(self, own: str, names: Iterable[str]) -> tuple[str, tuple[str, ...]]:
        """Return an item's calendar, and those that count beside it, for the names of people.

        `own` is its own calendar, empty for the program's.
        """
        found = {one.person_id: one for name in names if (one := self._meant(name))}
        weeks = [self._name(one) for one in found.values() if one.schedule]
        away = [self._name(one) for one in found.values() if not one.schedule]
        if own or not weeks:
            return own, (*weeks, *away)
        return weeks[0], (*weeks[1:], *away)

    def _meant(self, name: str) -> WorkingTimeFacts | None:
        return self.told.get(name.strip().lower())

    def _name(self, told: WorkingTimeFacts) -> str:
        if told.person_id not in self.made:
            name = told.name if told.name not in self.taken else f"{told.name} ({told.key})"
            self.taken.add(name)
            self.made[told.person_id] = personal_calendar(told, name, self.first)
        return self.made[told.person_id].name
