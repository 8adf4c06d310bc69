"""What the address of a heat map asks for, and its rows in that order, in groups and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from headway.domain.people.rules.heat import Heat, hours
from headway.domain.people.rules.loads import MOST_WEEKS, WEEKS, Weeks
from headway.domain.plans.rules.capacity import CapacityMap, MapRow
from headway.domain.programs.rules.fields import day, whole
from headway.errors import Invalid
from headway.interfaces.web.capacity.drawing import cells_of
from headway.interfaces.web.layout.routes import WorkspaceRequest

#: Rows on a page; a map of more rows than FOLDED opens with its groups folded.
PAGE = 100
FOLDED = 60
SORTS = {"": "By group", "free": "Free first", "load": "Busy first"}
_ORDER = {"person": 0, "role": 1, "pool": 2}
_OF = {"person": "", "role": "Roles of ", "pool": "Compute of "}


@dataclass(frozen=True, slots=True)
class Asked:
    """The weeks, how rows are sorted (within days up to `until`), what is open, where a page is."""

    today: date
    weeks: int
    first: date
    sort: str
    until: date | None
    tentative: bool
    open: tuple[str, ...]
    skip: int
    project: str

    @classmethod
    def of(cls, request: WorkspaceRequest) -> Asked:
        """Read the address. Raises Invalid for what makes no sense."""
        given = request.GET
        today = (request.at or request.now).date()
        count = whole(1, MOST_WEEKS)("weeks", given.get("weeks", ""))
        sort = given.get("sort", "")
        if sort not in SORTS:
            sentence = f"The order '{sort[:40]}' is none of: free, load."
            raise Invalid(sentence)
        return cls(
            today=today,
            weeks=int(str(count or WEEKS)),
            first=day("from", given.get("from", "")) or today,
            sort=sort,
            until=day("until", given.get("until", "")),
            tentative=given.get("tentative", "") == "1",
            open=tuple(given.getlist("open"))[:50],
            skip=int(str(whole(0, 10**6)("skip", given.get("skip", "")) or 0)),
            project=given.get("project", ""),
        )

    @property
    def window(self) -> Weeks:
        """Return the weeks that are shown."""
        return Weeks.of(self.first, self.weeks)

    def href(self, **changes: object) -> str:
        """Return the query of an address that asks for the same but `changes`."""
        fields: dict[str, object] = {
            "from": self.first if self.first != self.today else "",
            "weeks": self.weeks if self.weeks != WEEKS else "",
            "sort": self.sort,
            "until": self.until or "",
            "tentative": "1" if self.tentative else "",
            "open": list(self.open),
            "project": self.project,
        } | changes
        return "?" + urlencode({name: one for name, one in fields.items() if one}, doseq=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: who or what, where its own numbers are, what is free in the window, its cells."""

    row: MapRow
    href: str
    free: float
    cells: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """Rows below one heading; folded it has cells of its own and the address that opens it."""

    name: str
    count: int
    lines: Sequence[Line]
    open: str
    cells: SafeString | str


def grouped(
    found: CapacityMap, asked: Asked, href: Callable[[MapRow], str]
) -> tuple[Sequence[Group], bool]:
    """Return the groups of rows that this page shows, and whether more follow."""
    places: dict[str, list[int]] = {}
    for place in _ordered(found, asked):
        row = found.rows[place]
        name = SORTS[asked.sort] if asked.sort else _OF[row.sort] + row.group
        places.setdefault(name, []).append(place)
    folds = not asked.sort and len(found.rows) > FOLDED
    groups, shown = [], 0
    for name, some in places.items():
        is_folded = folds and name not in asked.open
        begin, end = (
            min(max(edge - shown, 0), len(some)) for edge in (asked.skip, asked.skip + PAGE)
        )
        lines = [] if is_folded else [_line(found, place, asked, href) for place in some[begin:end]]
        shown += 0 if is_folded else len(some)
        if lines or is_folded:
            opening = asked.href(open=[*asked.open, name]) if is_folded else ""
            cells = _together(found, some, asked) if is_folded else ""
            groups.append(Group(name, len(some), lines, opening, cells))
    return groups, shown > asked.skip + PAGE


def _line(found: CapacityMap, place: int, asked: Asked, href: Callable[[MapRow], str]) -> Line:
    row = found.rows[place]
    free = hours(int(found.heat.free[place, _window(found, asked)].sum()))
    return Line(row, href(row), free, _cells(found, found.heat, place, asked))


def _cells(found: CapacityMap, heat: Heat, place: int, asked: Asked) -> SafeString:
    marked = found.view.program is not None
    return cells_of(heat, place, marked=marked, tentative=asked.tentative)


def _together(found: CapacityMap, places: Sequence[int], asked: Asked) -> SafeString:
    """Return the cells of a folded group: what all its rows are asked for, of what they have."""
    heat = found.heat
    some = list(places)
    parts = (heat.capacity, heat.here, heat.others, heat.tentative)
    summed = Heat(*(part[some].sum(axis=0, keepdims=True) for part in parts))
    return _cells(found, summed, 0, asked)


def _window(found: CapacityMap, asked: Asked) -> slice:
    """Return the weeks in which availability counts: up to the one of `until`."""
    weeks = found.view.weeks
    last = weeks.place(asked.until) + 1 if asked.until else weeks.days
    return slice(0, max(1, -(-last // 7)))


def _ordered(found: CapacityMap, asked: Asked) -> Sequence[int]:
    """Return the places of the rows in the order asked for."""
    rows, heat, window = found.rows, found.heat, _window(found, asked)
    places = range(len(rows))
    if asked.sort == "free":
        free = heat.free[:, window].sum(axis=1).tolist()
        people = [place for place in places if rows[place].sort == "person"]
        return sorted(people, key=lambda place: (-free[place], rows[place].name))
    if asked.sort == "load":
        load = heat.load[:, window].sum(axis=1).tolist()
        there = heat.capacity[:, window].sum(axis=1).tolist()
        return sorted(
            places, key=lambda place: (-load[place] / max(there[place], 1), rows[place].name)
        )
    return sorted(places, key=lambda place: _group_key(rows[place]))


def _group_key(row: MapRow) -> tuple[int, str, str]:
    return (_ORDER[row.sort], row.group.lower(), row.name)


def asked_words(asked: Asked) -> Mapping[str, str]:
    """Return what the forms of the page carry along of what is asked."""
    return {
        "from": asked.first.isoformat() if asked.first != asked.today else "",
        "weeks": str(asked.weeks) if asked.weeks != WEEKS else "",
        "tentative": "1" if asked.tentative else "",
        "project": asked.project,
    }
