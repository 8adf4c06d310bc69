"""The rows of a Gantt chart: items under their summaries and projects, folded, cut into windows.

Pure: which rows there are, in which order, which of them show, and which of those a page holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from headway.domain.plans.rules.joining import ItemFacts
from headway.errors import Invalid

#: Rows of a Gantt chart that a page holds.
WINDOW = 100

#: A chart of more rows than these opens folded, to the deepest level that has no more.
MOST_OPEN = 300

#: An item with so many working days of total float or fewer is near-critical.
NEAR_DAYS = 3.0

#: Every level is open.
ALL_LEVELS = 99

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class GanttLine:
    """One row: a project, a summary, or an item (`item` is then its facts).

    `start` to `p50` and `p80` are what the forecast says, of a summary the first start and the
    latest ends of its items; its float is the least of theirs. `items`, `finished` and `unknown`
    count the items below. `weight` is plain, near or critical. `trouble` says why an item has no
    dates.
    """

    key: str
    name: str
    depth: int
    parent: str
    project: str
    item: ItemFacts | None = None
    start: date | None = None
    p50: date | None = None
    p80: date | None = None
    float_days: float | None = None
    criticality: float | None = None
    weight: str = "plain"
    is_late: bool = False
    trouble: str = ""
    items: int = 0
    finished: int = 0
    unknown: int = 0
    is_open: bool = True

    @property
    def is_group(self) -> bool:
        """Say whether rows may stand below it."""
        return self.item is None

    @property
    def ended(self) -> date | None:
        """The day it really ended: of a summary the last of its items, when all have."""
        if self.item is not None:
            return self.item.finished
        return self.p50 if self.items and self.items == self.finished else None


@dataclass(frozen=True, slots=True)
class Leaf:
    """An item's row with the summaries above it, outermost first, within its project."""

    line: GanttLine
    above: Sequence[str]


@dataclass(slots=True)
class _Group:
    line: GanttLine
    rows: list[GanttLine | _Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of one page. `before` and `more` are the cursors of its neighbours.

    `before` is empty for the first page; None says that there is no earlier (no further) page.
    """

    rows: Sequence[GanttLine]
    before: str | None
    more: str | None


def weight_of(float_days: float | None, *, is_finished: bool) -> str:
    """Say how near to deciding the end: critical without float, near with up to NEAR_DAYS."""
    if is_finished or float_days is None or float_days > NEAR_DAYS + _ROUNDING:
        return "plain"
    return "critical" if float_days <= _ROUNDING else "near"


def summary_key(project: str, above: Sequence[str]) -> str:
    """Return the address of the summary row at a path of names: short, and the same every time."""
    path = "\0".join(above).encode()
    return f"{project}:{hashlib.sha256(path).hexdigest()[:8]}"


def outlined(
    leaves: Iterable[Leaf], names: dict[str, str], order: Callable[[GanttLine], object] | None
) -> list[GanttLine]:
    """Return all rows from top to bottom: each project, its summaries and items below.

    `names` are the projects' names by address, in order. `order` sorts the rows below the same
    row; without it they stand as they come.
    """
    tops: dict[str, _Group] = {
        slug: _Group(GanttLine(slug, name, 0, "", slug)) for slug, name in names.items()
    }
    groups = dict(tops)
    for leaf in leaves:
        slug = leaf.line.project
        group = _group_at(groups, slug, leaf.above)
        depth = len(leaf.above) + 1
        group.rows.append(replace(leaf.line, depth=depth, parent=group.line.key))
    filled = [top for top in tops.values() if top.rows]
    for top in filled:
        _sum_up(top, order)
    return [line for top in filled for line in _in_order(top)]


def _group_at(groups: dict[str, _Group], slug: str, above: Sequence[str]) -> _Group:
    """Return the group at a path, made with those above it where it is new."""
    group = groups[slug]
    for depth in range(1, len(above) + 1):
        key = summary_key(slug, above[:depth])
        if key not in groups:
            line = GanttLine(key, above[depth - 1], depth, group.line.key, slug)
            groups[key] = _Group(line)
            group.rows.append(groups[key])
        group = groups[key]
    return group


def _sum_up(group: _Group, order: Callable[[GanttLine], object] | None) -> None:
    """Fill a group's own row from the rows below it, and sort them."""
    for row in group.rows:
        if isinstance(row, _Group):
            _sum_up(row, order)
    lines = [_line(row) for row in group.rows]
    group.line = replace(
        group.line,
        start=min((day for one in lines if (day := _begins(one))), default=None),
        p50=max((day for one in lines if (day := one.ended or one.p50)), default=None),
        p80=max((day for one in lines if (day := one.ended or one.p80)), default=None),
        float_days=min(
            (one.float_days for one in lines if one.float_days is not None), default=None
        ),
        weight=_heaviest(lines),
        is_late=any(one.is_late for one in lines),
        items=sum(one.items if one.is_group else 1 for one in lines),
        finished=sum(one.finished if one.is_group else bool(one.ended) for one in lines),
        unknown=sum(one.unknown if one.is_group else bool(one.trouble) for one in lines),
    )
    if order is not None:
        group.rows.sort(key=lambda row: order(_line(row)))  # type: ignore[arg-type, return-value]


def _line(row: GanttLine | _Group) -> GanttLine:
    return row.line if isinstance(row, _Group) else row


def _begins(line: GanttLine) -> date | None:
    real = line.item.started if line.item is not None else None
    return real or line.start


def _heaviest(lines: Sequence[GanttLine]) -> str:
    weights = {line.weight for line in lines}
    return next((one for one in ("critical", "near") if one in weights), "plain")


def _in_order(group: _Group) -> Iterator[GanttLine]:
    yield group.line
    for row in group.rows:
        if isinstance(row, _Group):
            yield from _in_order(row)
        else:
            yield row


def opening_level(rows: Sequence[GanttLine]) -> int:
    """Return how many levels of groups a chart opens with: all of a small one.

    A large one opens to the deepest level that shows more than one and at most MOST_OPEN rows.
    """
    if len(rows) <= MOST_OPEN:
        return ALL_LEVELS
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.depth] = counts.get(row.depth, 0) + 1
    shown, best = 0, ALL_LEVELS
    for depth in sorted(counts):
        shown += counts[depth]
        if 1 < shown <= MOST_OPEN:
            best = depth
    return best


def folded(rows: Sequence[GanttLine], level: int, flipped: Collection[str] = ()) -> list[GanttLine]:
    """Return the rows that show when groups above depth `level` are open, save those `flipped`."""
    shown: list[GanttLine] = []
    shut_at: int | None = None  # the depth of the closed group that we are in
    for row in rows:
        if shut_at is not None and row.depth > shut_at:
            continue
        shut_at = None
        if row.is_group:
            is_open = (row.depth < level) != (row.key in flipped)
            shown.append(row if is_open else replace(row, is_open=False))
            shut_at = None if is_open else row.depth
        else:
            shown.append(row)
    return shown


def window_of(rows: Sequence[GanttLine], after: str = "", size: int = WINDOW) -> Window:
    """Return the rows that follow the row `after` (from the first when it is empty).

    Raises Invalid when `after` is no row that shows.
    """
    begin = 0
    if after:
        place = next((n for n, row in enumerate(rows) if row.key == after), None)
        if place is None:
            sentence = f"The row '{after[:60]}' does not show any more; begin at the top."
            raise Invalid(sentence)
        begin = place + 1
    part = rows[begin : begin + size]
    more = part[-1].key if part and begin + size < len(rows) else None
    before = None
    if begin:
        before = rows[begin - size - 1].key if begin > size else ""
    return Window(part, before, more)
