"""What coming work asks of people, and where it hangs on one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.skills import (
    SkillNeedFacts,
    SkillWork,
    tag_level,
)

#: An item is near the critical path when it is on it in so many simulated outcomes, or has so
#: little float in working days.
NEAR_CRITICAL, LITTLE_FLOAT = 0.3, 3.0


@dataclass(frozen=True, slots=True)
class ComingItem:
    """Open work with what it asks for. `needs` are units by resource name, of people only.

    `tags` are the skills that those resources name; `days` is what is left, most likely.
    """

    address: str
    name: str
    program_id: UUID
    program: str
    owner: str
    phase: str
    start: date
    end: date
    days: float
    criticality: float | None
    float_days: float | None
    needs: Mapping[str, float]
    tags: Sequence[str]

    @property
    def is_critical(self) -> bool:
        """Say whether it is on or near the critical path."""
        likely = self.criticality is not None and self.criticality >= NEAR_CRITICAL
        return likely or (self.float_days is not None and self.float_days <= LITTLE_FLOAT)


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """Somebody whom nobody could stand in for: what would stop without them, and why."""

    person: str
    reasons: Sequence[str]
    items: Sequence[ComingItem]
    systems: Sequence[str]


@dataclass(frozen=True, slots=True)
class LiveSystem:
    """A live system: its address, name and the key of who answers for it."""

    slug: str
    name: str
    owner: str


def asked_skills(
    items: Sequence[ComingItem], needs: Sequence[SkillNeedFacts]
) -> Mapping[str, Sequence[SkillWork]]:
    """Return the work that asks for each skill: by what is said of roles and items, and by tags."""
    said: dict[tuple[str, str], list[SkillNeedFacts]] = {}
    for need in needs:
        said.setdefault((need.sort, need.about.lower()), []).append(need)
    found: dict[str, list[SkillWork]] = {}
    names: dict[str, str] = {}
    for item in items:
        for skill, level in _levels(item, said).items():
            name = names.setdefault(skill.lower(), skill)
            days = item.days * max(1.0, sum(item.needs.values()))
            found.setdefault(name, []).append(
                SkillWork(item.address, item.name, level, item.start, days)
            )
    return found


def _levels(
    item: ComingItem, said: Mapping[tuple[str, str], Sequence[SkillNeedFacts]]
) -> Mapping[str, int]:
    """Return the highest level of each skill that an item asks for, by its own words or others'."""
    levels: dict[str, int] = {}
    known = list(said.get(("item", item.address.lower()), ()))
    for role in item.needs:
        known += said.get(("role", role.lower()), ())
    pairs = [(one.skill, one.level) for one in known] + [tag_level(tag) for tag in item.tags]
    names = {skill.lower(): skill for skill, _ in reversed(pairs)}
    for skill, level in pairs:
        name = names[skill.lower()]
        levels[name] = max(level, levels.get(name, 0))
    return levels


def single_points(
    items: Sequence[ComingItem],
    systems: Sequence[LiveSystem],
    people: Sequence[PersonFacts],
    skills: Mapping[str, Mapping[str, int]],
    needs: Sequence[SkillNeedFacts],
) -> Sequence[SinglePoint]:
    """Return who alone can do critical work or keep a live system, the most items first.

    `people` are those at work, `skills` their levels by key. Somebody is alone by role (the only
    one on the roster who has it) or by skill (the only one at the level that is asked for).
    """
    alone = _Alone(people, skills)
    for item in items:
        if item.is_critical:
            for role in item.needs:
                alone.by_role(role, item=item)
            for skill, works in asked_skills([item], needs).items():
                alone.by_skill(skill, works[0].level, item=item)
    for system in systems:
        alone.by_system(system, needs)
    return alone.points()


class _Alone:
    """Who was found to be the only one, as it is gathered."""

    def __init__(
        self, people: Sequence[PersonFacts], skills: Mapping[str, Mapping[str, int]]
    ) -> None:
        self.people = {one.key: one for one in people}
        self.roles: dict[str, list[str]] = {}
        for one in people:
            self.roles.setdefault(one.role.strip().lower(), []).append(one.key)
        self.levels: dict[str, dict[str, int]] = {}
        for key, held in skills.items():
            for skill, level in held.items():
                if key in self.people:
                    self.levels.setdefault(skill.lower(), {})[key] = level
        self.reasons: dict[str, dict[str, None]] = {}
        self.items: dict[str, dict[str, ComingItem]] = {}
        self.systems: dict[str, dict[str, None]] = {}

    def by_role(self, role: str, *, item: ComingItem | None = None, system: str = "") -> None:
        """Note the only one on the roster with a role, if there is one."""
        having = self.roles.get(role.strip().lower(), [])
        if len(having) == 1:
            self._note(having[0], f"the only {self.people[having[0]].role}", item, system)

    def by_skill(
        self, skill: str, level: int, *, item: ComingItem | None = None, system: str = ""
    ) -> None:
        """Note the only one who reaches a level of a skill, if there is one."""
        able = [key for key, has in self.levels.get(skill.lower(), {}).items() if has >= level]
        if len(able) == 1:
            self._note(able[0], f"alone with {skill} at level {level}", item, system)

    def by_system(self, system: LiveSystem, needs: Sequence[SkillNeedFacts]) -> None:
        """Note who alone has its owner's role, or a skill that it asks for."""
        owner = self.people.get(system.owner)
        if owner is not None and owner.role:
            self.by_role(owner.role, system=system.name)
        for need in needs:
            if need.sort == "system" and need.about == system.slug:
                self.by_skill(need.skill, need.level, system=system.name)

    def _note(self, key: str, reason: str, item: ComingItem | None, system: str) -> None:
        self.reasons.setdefault(key, {})[reason] = None
        if item is not None:
            self.items.setdefault(key, {})[item.address] = item
        if system:
            self.systems.setdefault(key, {})[system] = None

    def points(self) -> Sequence[SinglePoint]:
        """Return everybody found, who holds up most in front."""
        found = [
            SinglePoint(
                key,
                list(reasons),
                sorted(self.items.get(key, {}).values(), key=lambda one: (one.start, one.address)),
                sorted(self.systems.get(key, {})),
            )
            for key, reasons in self.reasons.items()
        ]
        return sorted(found, key=lambda one: (-len(one.items), -len(one.systems), one.person))


@dataclass(frozen=True, slots=True)
class DemandRow:
    """What one phase asks of one role: person-days by month, in the order of the table's months."""

    role: str
    phase: str
    days: Sequence[float]

    @property
    def total(self) -> float:
        """Return the person-days of all months."""
        return sum(self.days)


def months_from(first: date, count: int) -> Sequence[date]:
    """Return the first days of `count` months, beginning with the month of `first`."""
    found = [first.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def role_demand(items: Iterable[ComingItem], months: Sequence[date]) -> Sequence[DemandRow]:
    """Return person-days by role, phase and month: what is left of each item, evenly over its span.

    What lies after the last month is left out.
    """
    sums: dict[tuple[str, str], list[float]] = {}
    places = {month: place for place, month in enumerate(months)}
    for item in items:
        span = max(1, (item.end - item.start).days + 1)
        for month, days in _days_by_month(item.start, item.end).items():
            if month not in places:
                continue
            for role, units in item.needs.items():
                row = sums.setdefault((role, item.phase), [0.0] * len(months))
                row[places[month]] += item.days * units * days / span
    return [DemandRow(role, phase, days) for (role, phase), days in sorted(sums.items())]


def _days_by_month(start: date, end: date) -> Mapping[date, int]:
    """Return how many days of a span, both ends included, fall into each month."""
    found: dict[date, int] = {}
    month = start.replace(day=1)
    while month <= max(start, end):
        following = (month + timedelta(days=32)).replace(day=1)
        last = min(max(start, end), following - timedelta(days=1))
        found[month] = (last - max(start, month)).days + 1
        month = following
    return found


__all__ = [
    "ComingItem",
    "DemandRow",
    "LiveSystem",
    "SinglePoint",
    "asked_skills",
    "months_from",
    "role_demand",
    "single_points",
]
