"""How allocations and plans become a heat map: rows by weeks, and the pieces that make them up.

What is asked of somebody is their firm allocations, and what their own items ask beyond these:
an allocation to a project covers its items, one to a program those of all its projects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from headway.analysis.schedule.plan import Calendar
from headway.domain.people.rules import ResourceFacts, meant_by_name
from headway.domain.people.rules.heat import Heat
from headway.domain.people.rules.loads import (
    MILLION,
    Hours,
    Portion,
    Whole,
    by_week,
    loads,
    pattern,
    share_of,
    summed,
)
from headway.domain.people.rules.pools import PoolFacts, reached
from headway.domain.plans.rules.capacity import (
    CapacityMap,
    Known,
    MapRow,
    MapView,
    OpenItem,
    Piece,
    Span,
    WorkDays,
    owner_share,
    span_of,
)
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from

_DAY = timedelta(days=1)
#: A fallback that a smaller share of the futures takes is tentative work.
LEAST_TAKEN = 0.5


class Drawing:
    """The map under way."""

    def __init__(self, view: MapView, known: Known) -> None:
        self.view = view
        self.known = known
        self.program_of = {one.id: one for one in known.programs}
        self.person_place = {one.id: place for place, one in enumerate(known.people)}
        self.project_of = {one.slug: one for one in known.projects.values()}
        self.key_place = {one.key: place for place, one in enumerate(known.people)}
        self.of_role: dict[str, list[int]] = {}
        for place, one in enumerate(known.people):
            if one.role:
                self.of_role.setdefault(one.role.strip().lower(), []).append(place)
        self.meant = meant_by_name(known.people)
        self.ways_out = {
            (one.project, str(one.attempts.get("fallback"))) for one in known.items if one.attempts
        }
        self.undated = 0
        self.resources = [one for one in known.resources if self._shows(one)]
        people = len(known.people)
        self.resource_place = {
            (one.program_id, one.name): people + n for n, one in enumerate(self.resources)
        }
        self.roles: dict[UUID, set[str]] = {}
        for resource in known.resources:
            if resource.kind != "compute":
                self.roles.setdefault(resource.program_id, set()).add(resource.name)

    def _shows(self, resource: ResourceFacts) -> bool:
        wanted = self.view.program
        known = resource.program_id in self.program_of
        return known and (wanted is None or resource.program_id == wanted.id)

    def map(self) -> CapacityMap:
        """Return the map, its rows without what the view does not touch."""
        pieces = [
            *self._allocated(),
            *self._operating(),
            *self._planned(),
            *self._requested(),
        ]
        hours, capacity = self._hours()
        taken = loads([one.portion for one in pieces], hours, self.view.weeks)
        taken = self._uncovered(pieces, taken)
        heat = self._heat(pieces, taken, capacity)
        kept = self._kept(pieces)
        return CapacityMap(
            view=self.view,
            rows=[row for row, keep in zip(self._rows(), kept, strict=True) if keep],
            heat=Heat(
                *(part[kept] for part in (heat.capacity, heat.here, heat.others, heat.tentative))
            ),
            origin=np.flatnonzero(kept).tolist(),
            pieces=pieces,
            taken=taken,
            undated=self.undated,
            forecast_at=self.known.forecast_at,
        )

    def _rows(self) -> Iterator[MapRow]:
        for one in self.known.people:
            yield MapRow(one.key, "person", one.name, one.team or one.role or "No role")
        for resource in self.resources:
            program = self.program_of[resource.program_id]
            sort = "pool" if resource.kind == "compute" else "role"
            yield MapRow(str(resource.id), sort, resource.name, program.name, program.slug)

    def _hours(self) -> tuple[Hours, Whole]:
        """Return minutes by row and day, and what there is by row and week."""
        weeks = self.view.weeks
        minutes, parts = [self.known.hours.minutes], [self.known.hours.parts]
        there = [self.known.hours.minutes * MILLION]
        days = [weeks.first + number * _DAY for number in range(weeks.days)]
        for resource in self.resources:
            pool = self.known.pools.get(resource.id)
            row, part = pattern(self._calendar(resource, pool), weeks)
            units = np.array(_units(resource, pool, days), dtype=np.int64)
            minutes.append(row[None, :])
            parts.append(part[None, :])
            there.append((row * units)[None, :])
        return Hours(np.concatenate(minutes), np.concatenate(parts)), by_week(np.concatenate(there))

    def _calendar(self, resource: ResourceFacts, pool: PoolFacts | None) -> Calendar:
        program = self.program_of[resource.program_id]
        if pool is not None and pool.week:
            return calendar_from(pool.week)
        held = program.calendars.get(resource.calendar) or program.calendar
        return calendar_from(held)

    def _allocated(self) -> Iterator[Piece]:
        weeks = self.view.weeks
        for one in self.known.bookings:
            portion = Portion(
                self.key_place[one.person],
                weeks.place(one.starts_on),
                weeks.place(one.ends_on + _DAY),
                share=share_of(one.share or 0.0),
                minutes=round((one.weekly_hours or 0.0) * 60),
            )
            if portion.begin < portion.end:
                yield Piece(
                    portion,
                    "allocation",
                    one.place,
                    one.key,
                    one.program,
                    one.project,
                    one.is_tentative,
                    one.amount,
                    (one.starts_on, one.ends_on),
                )

    def _operating(self) -> Iterator[Piece]:
        """Yield what live systems take: from a person, or in equal parts from those of a role."""
        weeks, by_role = self.view.weeks, self.of_role
        for one in self.known.operations:
            rows = [self.key_place[one.person]] if one.person in self.key_place else []
            rows = rows or by_role.get(one.role.strip().lower(), [])
            begin = weeks.place(one.starts)
            end = weeks.days if one.ends is None else weeks.place(one.ends + _DAY)
            for row in rows if begin < end else ():
                minutes = round(one.hours * 60 / len(rows))
                said = f"{one.hours / len(rows):.4g} h a week"
                days = (one.starts, one.ends) if one.ends else None
                name = f"{one.system_name}: {one.kind_words}"
                portion = Portion(row, begin, end, minutes=minutes)
                yield Piece(portion, "operations", name, one.system, amount=said, days=days)

    def _planned(self) -> Iterator[Piece]:
        """Yield what each open item asks of its owner, and of roles and pools."""
        days = self._work_days()
        for item in self.known.items:
            project = self.project_of[item.project]
            needs = self.known.needs.get((item.project, item.key), {})
            owner = self.meant.get(item.owner.strip().lower()) if item.owner else None
            if owner is None and not needs:
                continue
            span = self._span(item, project, days[project.program_id])
            if span is None:
                continue
            may_be = self._may_be(item, project)
            for row, units in self._asked(owner, needs, project.program_id):
                if piece := self._piece(item, project, span, (row, units, may_be)):
                    yield piece

    def _work_days(self) -> Mapping[UUID, WorkDays]:
        """Return the days that each program works; programs with one calendar share them."""
        shared: dict[Calendar, WorkDays] = {}
        found = {}
        for one in self.known.programs:
            calendar = calendar_from(one.calendar)
            if calendar not in shared:
                shared[calendar] = WorkDays(calendar, self.view.weeks)
            found[one.id] = shared[calendar]
        return found

    def _may_be(self, item: OpenItem, project: ProjectFacts) -> bool:
        """Say whether an item is a way out that fewer than half of the futures take."""
        if (item.project, item.key) not in self.ways_out:
            return False
        shares = self.known.answers.get(project.program_id, {}).get("branches")
        share = shares.get(f"{project.slug}/{item.key}") if isinstance(shares, dict) else None
        return isinstance(share, int | float) and share < LEAST_TAKEN

    def _asked(
        self, owner: UUID | None, needs: Mapping[str, float], program: UUID
    ) -> Iterator[tuple[int, float]]:
        """Yield the rows that an item asks, with how much of each."""
        taken: dict[int, float] = {}
        if owner is not None:
            place = self.person_place[owner]
            roles = self.roles.get(program, set())
            taken[place] = owner_share(needs, roles, self.known.people[place].role)
        for resource, units in needs.items():
            who = self.meant.get(resource.strip().lower())
            if who is not None:  # somebody is needed by name
                taken[self.person_place[who]] = max(taken.get(self.person_place[who], 0.0), units)
            elif (program, resource) in self.resource_place:
                taken[self.resource_place[program, resource]] = units
        yield from taken.items()

    def _span(self, item: OpenItem, project: ProjectFacts, days: WorkDays) -> Span | None:
        held = self.known.answers.get(project.program_id, {}).get("items")
        said = held.get(f"{project.slug}/{item.key}") if isinstance(held, dict) else None
        span = span_of(item, said if isinstance(said, dict) else {}, days)
        wanted = self.view.program
        if span is None and item.kind != "milestone" and wanted in (None, self._program(project)):
            self.undated += 1
        return span

    def _program(self, project: ProjectFacts) -> ProgramFacts:
        return self.program_of[project.program_id]

    def _piece(
        self,
        item: OpenItem,
        project: ProjectFacts,
        span: Span,
        asked: tuple[int, float, bool],
    ) -> Piece | None:
        weeks, (row, units, may_be) = self.view.weeks, asked
        begin, end = weeks.place(span.begin), weeks.place(span.end + _DAY)
        if begin >= end or units <= 0:
            return None
        is_person = row < len(self.known.people)
        return Piece(
            Portion(row, begin, end, share=share_of(units)),
            "item",
            item.name,
            f"{project.slug}/{item.key}",
            self._program(project).slug,
            project.slug,
            may_be,
            amount=f"{units * 100:.4g} %" if is_person else f"{units:.4g}",
            days=(span.begin, span.end),
        )

    def _requested(self) -> Iterator[Piece]:
        """Yield open requests on the rows of the roles that they ask for: tentative work."""
        weeks = self.view.weeks
        rows = {
            (one.program_id, one.name.strip().lower()): self.resource_place[
                one.program_id, one.name
            ]
            for one in self.resources
            if one.kind != "compute"
        }
        for one in self.known.requests:
            row = rows.get((one.program_id, one.role.strip().lower()))
            begin, end = weeks.place(one.starts_on), weeks.place(one.ends_on + _DAY)
            if row is not None and begin < end:
                share, minutes = share_of(one.share or 0.0), round((one.weekly_hours or 0.0) * 60)
                yield Piece(
                    Portion(row, begin, end, share, minutes),
                    "request",
                    one.wanted,
                    one.key,
                    one.program,
                    one.project,
                    True,
                    one.amount,
                    (one.starts_on, one.ends_on),
                )

    def _uncovered(self, pieces: Sequence[Piece], taken: Whole) -> Whole:
        """Return what each piece takes, items of people less what allocations cover of them."""
        people = len(self.known.people)
        items: dict[tuple[int, str], dict[str, list[int]]] = {}
        cover: dict[tuple[int, str], dict[str, list[int]]] = {}
        for number, one in enumerate(pieces):
            place = (one.portion.row, one.program)
            if one.portion.row < people and not one.is_tentative:
                held = items if one.sort == "item" else cover
                held.setdefault(place, {}).setdefault(one.project, []).append(number)
        found = taken.copy()
        for place in items.keys() & cover.keys():
            _cover(items[place], cover[place], taken, found)
        return found

    def _heat(self, pieces: Sequence[Piece], taken: Whole, capacity: Whole) -> Heat:
        count, weeks = capacity.shape
        parts = {name: [] for name in ("here", "others", "tentative")}  # type: dict[str, list[int]]
        for number, one in enumerate(pieces):
            parts["tentative" if one.is_tentative else self._side(one)].append(number)
        sums = {
            name: summed(taken[numbers], [pieces[n].portion.row for n in numbers], count)
            if numbers
            else np.zeros((count, weeks), dtype=np.int64)
            for name, numbers in parts.items()
        }
        return Heat(capacity, sums["here"], sums["others"], sums["tentative"])

    def _side(self, piece: Piece) -> str:
        wanted = self.view.program
        if wanted is None or self._is_here(piece, wanted):
            return "here"
        return "others"

    def _is_here(self, piece: Piece, wanted: ProgramFacts) -> bool:
        return piece.program == wanted.slug and self.view.project in ("", piece.project)

    def _kept(self, pieces: Sequence[Piece]) -> np.ndarray:
        """Say which rows the view touches: everybody without a program, else who does its work."""
        count = len(self.known.people) + len(self.resources)
        wanted = self.view.program
        kept = np.ones(count, dtype=bool)
        if wanted is None:
            return kept
        kept[: len(self.known.people)] = False
        for one in pieces:
            if self._is_here(one, wanted):
                kept[one.portion.row] = True
        return kept


def _cover(
    items: Mapping[str, Sequence[int]],
    cover: Mapping[str, Sequence[int]],
    taken: Whole,
    found: Whole,
) -> None:
    """Take off items what allocations to their project, then to the whole program, cover."""
    whole = taken[list(cover.get("", ()))].sum(axis=0)
    for project in sorted(items):
        own = taken[list(cover.get(project, ()))].sum(axis=0) if project else whole * 0
        for number in items[project]:
            by_project = np.minimum(own, taken[number])
            by_program = np.minimum(whole, taken[number] - by_project)
            own, whole = own - by_project, whole - by_program
            found[number] = taken[number] - by_project - by_program


def _units(resource: ResourceFacts, pool: PoolFacts | None, days: Sequence[date]) -> list[int]:
    """Return how many millionths of a unit there are on each of `days`."""
    drawn = reached(resource, pool)
    steps = [(date.fromisoformat(str(since)), float(str(units))) for since, units in drawn.steps]
    found, there, later = [], share_of(drawn.capacity), iter([*steps, (date.max, 0.0)])
    since, units = next(later)
    for day in days:
        while since <= day:
            there = share_of(units)
            since, units = next(later)
        found.append(there)
    return found
