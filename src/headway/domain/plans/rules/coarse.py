"""Rows of work from elsewhere become a plan: ranges from single numbers, links that hold.

Nobody has to change a field for us: what is missing is filled by a stated default, what
contradicts itself is left out with its reason, and the item stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import median

import numpy as np

from headway.analysis.schedule.plan import (
    Calendar,
    Correlation,
    Estimate,
    Item,
    ItemKind,
    Link,
    LinkType,
    Plan,
)
from headway.analysis.schedule.reference_class import (
    ReferenceClass,
    reference_class,
    shared_correlation,
)
from headway.analysis.schedule.soundness import MOST_ITEMS
from headway.connectors.work import Progress, Unit, WorkRead, WorkRow
from headway.domain.plans.rules.families import families
from headway.domain.plans.rules.importing import Skipped
from headway.errors import Invalid

#: Working days of an item that nothing is said of, in a table that says nothing of any.
UNSAID = 5.0
#: Working days below which a number says nothing: half a minute.
SHORTEST = 0.001
#: Items among which the correlation of a whole project is stated; more cost the engine too much.
MOST_CORRELATED = 200
_WORDS = {
    "experiment": ItemKind.EXPERIMENT,
    "annotation": ItemKind.ANNOTATION,
    "labeling": ItemKind.ANNOTATION,
    "labelling": ItemKind.ANNOTATION,
    "training": ItemKind.TRAINING,
    "data": ItemKind.DATA,
    "review": ItemKind.REVIEW,
}


@dataclass(frozen=True, slots=True)
class Held:
    """When an item that is there already started and finished."""

    started: date | None
    finished: date | None


#: Open items without any link from which on their number says something.
_LEAST_UNORDERED = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan stands in: its name, first day, today, the working days, the items held.

    `others` are the program's items that the rows do not tell of: they are simulated together.
    """

    name: str
    begins: date
    today: date
    calendar: Calendar
    held: Mapping[str, Held] = field(default_factory=dict)
    others: int = 0

    def days(self, first: date, last: date) -> float:
        """Return the working days from `first` to `last`, both counted; at least one."""
        mask = [number in self.calendar.weekdays for number in range(7)]
        holidays = [np.datetime64(day) for day in self.calendar.holidays]
        end = np.datetime64(last + timedelta(days=1))
        return max(1.0, float(np.busday_count(np.datetime64(first), end, mask, holidays)))


@dataclass(slots=True)
class Coarse:
    """The plan that came of rows, what was skipped, and how the rest was read."""

    plan: Plan
    skipped: list[Skipped]
    notes: list[str]


def coarse_plan(read: WorkRead, frame: Frame) -> Coarse:
    """Return the plan of `read`. Raises Invalid when no row is left, or more than a plan holds."""
    skipped = [_skip(one.where, one.sentence) for one in read.skipped]
    notes = list(read.notes)
    rows = list(_kept(read.rows, skipped))
    if not rows:
        sentence = (
            f"None of the {read.read} rows is an item of work; say which column holds the names."
        )
        raise Invalid(sentence)
    skipped += [_skip(fault.where, fault.sentence) for row in rows for fault in row.faults]
    rows, places = families(rows, skipped)
    rows = _limited(rows, frame.others, skipped)
    scale = _Scale(rows, frame, notes)
    items = [_item(row, scale, frame, notes) for row in rows]
    links = _links(rows, places, skipped)
    notes += _unordered(items, links)
    plan = Plan(
        name=frame.name,
        items=tuple(_linked(item, links[item.id]) for item in items),
        start=frame.begins,
        calendar=frame.calendar,
        correlations=_correlated(items, scale.of_class, notes),
    )
    return Coarse(plan, skipped, list(dict.fromkeys(notes)))


def _unordered(items: Sequence[Item], links: Mapping[str, Sequence[object]]) -> Iterator[str]:
    """Yield what to know of a plan in which nothing waits for anything: it looks too quick."""
    open_items = [item for item in items if item.finished is None]
    if len(open_items) >= _LEAST_UNORDERED and not any(links[item.id] for item in open_items):
        yield (
            f"No item waits for another, so that all {len(open_items)} are forecast side by side: "
            "with an order, or with the capacity of people, the date is later."
        )


def _skip(where: str, sentence: str) -> Skipped:
    line = where.removeprefix("line ")
    if line.isdigit() and line != where:
        return Skipped(int(line), sentence)
    return Skipped(None, sentence if sentence.startswith(f"'{where}'") else f"{where}: {sentence}")


def _kept(rows: Sequence[WorkRow], skipped: list[Skipped]) -> Iterator[WorkRow]:
    for row in rows:
        if row.progress is Progress.DROPPED:
            skipped.append(_skip(row.where, f"'{row.key}' was dropped; it is no work any more."))
        else:
            yield row


def _limited(rows: list[WorkRow], others: int, skipped: list[Skipped]) -> list[WorkRow]:
    """Leave out the items finished longest ago where a plan cannot hold all."""
    room = max(0, MOST_ITEMS - others)
    beyond = len(rows) - room
    if beyond <= 0:
        return rows
    holds = f"a plan holds {MOST_ITEMS:,}"
    holds += f", and {others:,} of this program are not in the file" if others else ""
    done = [row for row in rows if row.progress is Progress.FINISHED]
    if beyond > len(done):
        sentence = (
            f"{len(rows) - len(done):,} items are open; {holds}. "
            "Import fewer, or them as several programs."
        )
        raise Invalid(sentence)
    done.sort(key=lambda row: row.finished_at.date() if row.finished_at else date.min)
    old = {row.key for row in done[:beyond]}
    skipped.append(Skipped(None, f"The {beyond:,} items finished longest ago: {holds}."))
    return [row for row in rows if row.key not in old]


class _Scale:
    """What one number of the table is worth: days a point, and how far numbers miss."""

    def __init__(self, rows: Sequence[WorkRow], frame: Frame, notes: list[str]) -> None:
        self.point = self._point(rows, frame, notes)
        told = [(row, days) for row in rows if (days := self.days(row.estimate, row.unit))]
        ratios = [actual / days for row, days in told if (actual := _actual(row, frame))]
        self.of_class: ReferenceClass = reference_class(ratios)
        self.usual = median(days for _, days in told) if told else UNSAID
        self.is_told = bool(told)

    def days(self, number: float | None, unit: Unit) -> float | None:
        """Return working days; None for no number, and for next to nothing."""
        if number is None:
            return None
        days = number * {Unit.POINTS: self.point, Unit.HOURS: 0.125, Unit.DAYS: 1.0}[unit]
        return days if days >= SHORTEST else None

    def _point(self, rows: Sequence[WorkRow], frame: Frame, notes: list[str]) -> float:
        pointed = [row for row in rows if row.unit is Unit.POINTS and row.estimate]
        seen = [
            actual / row.estimate
            for row in pointed
            if (actual := _actual(row, frame)) and row.estimate
        ]
        if not pointed:
            return 1.0
        if len(seen) < 5:
            notes.append(
                "A story point was read as one working day: a default. Five finished items with "
                "points, start and finish replace it."
            )
            return 1.0
        point = median(seen)
        notes.append(
            f"A story point was read as {point:.2g} working days: the median of {len(seen)} "
            "finished items."
        )
        return point


def _actual(row: WorkRow, frame: Frame) -> float | None:
    """Return how many working days a finished item took, where both its days are told."""
    if row.started_at is None or row.finished_at is None or row.finished_at < row.started_at:
        return None
    return frame.days(row.started_at.date(), row.finished_at.date())


def _item(row: WorkRow, scale: _Scale, frame: Frame, notes: list[str]) -> Item:
    started, finished = _dates(row, frame, notes)
    kind = ItemKind.MILESTONE if row.is_milestone else _WORDS.get(row.kind.lower(), ItemKind.TASK)
    estimate = None if row.is_milestone else _range(row, scale, frame, notes)
    line = row.where.removeprefix("line ")
    return Item(
        id=row.key,
        name=row.name,
        kind=kind,
        estimate=estimate,
        not_before=row.not_before if started is None else None,
        deadline=row.due,
        started=started,
        finished=finished,
        line=int(line) if line.isdigit() else None,
    )


def _dates(row: WorkRow, frame: Frame, notes: list[str]) -> tuple[date | None, date | None]:
    """Return start and finish as the plan can hold them: in order, and none in the future."""
    held = frame.held.get(row.key, Held(None, None))
    started = row.started_at.date() if row.started_at else held.started
    finished = None
    if row.progress is Progress.FINISHED:
        finished = row.finished_at.date() if row.finished_at else held.finished
        if finished is None:
            finished = min(row.due or frame.today, frame.today)
            notes.append(
                "Finished items without a day of finish were taken as finished when due, or today."
            )
        finished = min(finished, frame.today)
        started = min(started or finished, finished)
    elif row.progress is Progress.STARTED:
        started = min(started or row.not_before or frame.today, frame.today)
    else:
        started = None
    return started, finished


def _range(row: WorkRow, scale: _Scale, frame: Frame, notes: list[str]) -> Estimate:
    days = scale.days(row.estimate, row.unit)
    low, high = scale.days(row.low, row.unit), scale.days(row.high, row.unit)
    if days is not None and high is not None:
        return Estimate(min(low or 0.0, days), days, max(high, days))
    if days is None and row.due is not None:
        first = max(row.not_before or frame.begins, frame.begins)
        days = frame.days(min(first, row.due), row.due)
        notes.append(
            "Items with nothing but a due date were planned to take the working days until it."
        )
    if days is None:
        days = scale.usual
        usual = "the median of the others" if scale.is_told else "a default"
        notes.append(f"Items without an estimate were given {days:.2g} working days: {usual}.")
    notes.append(scale.of_class.sentence)
    return scale.of_class.widen(days)


def _links(
    rows: Sequence[WorkRow], places: Mapping[str, Sequence[str]], skipped: list[Skipped]
) -> Mapping[str, list[Link]]:
    """Return each item's links to items that are there, without circles."""
    wanted: dict[str, dict[str, Link]] = {row.key: {} for row in rows}

    def here(key: str) -> list[str]:
        # What was left out because it is long done is waited for no more.
        return [one for one in places.get(key, ()) if one in wanted]

    for row in rows:
        for link in row.links:
            if link.other not in places:
                skipped.append(
                    _skip(row.where, f"'{row.key}' waits for '{link.other}', which is not here.")
                )
            for other in here(link.other):
                wanted[row.key][other] = Link(other, LinkType(link.kind), link.lag_days)
        for after in row.blocks:
            for other in here(after):
                wanted[other].setdefault(row.key, Link(row.key))
    return _without_circles(rows, wanted, skipped)


def _without_circles(
    rows: Sequence[WorkRow], wanted: Mapping[str, Mapping[str, Link]], skipped: list[Skipped]
) -> Mapping[str, list[Link]]:
    """Walk the links in the order of the rows and leave out each that closes a circle."""
    where = {row.key: row.where for row in rows}
    kept: dict[str, list[Link]] = {key: [] for key in wanted}
    state: dict[str, int] = {}  # 1 on the way, 2 done
    for root in wanted:
        if root in state:
            continue
        state[root] = 1
        path = [(root, iter(list(wanted[root].values())))]
        while path:
            key, rest = path[-1]
            link = next(rest, None)
            if link is None:
                state[key] = 2
                path.pop()
            elif state.get(link.predecessor) == 1:
                sentence = f"'{key}' waits for '{link.predecessor}', which waits for it: left out."
                skipped.append(_skip(where[key], sentence))
            else:
                kept[key].append(link)
                if link.predecessor not in state:
                    state[link.predecessor] = 1
                    path.append((link.predecessor, iter(list(wanted[link.predecessor].values()))))
    return kept


def _linked(item: Item, links: Sequence[Link]) -> Item:
    return replace(item, after=tuple(links)) if links else item


def _correlated(
    items: Sequence[Item], of_class: ReferenceClass, notes: list[str]
) -> tuple[Correlation, ...]:
    """Return the correlation that a whole project adds, where only a default is known."""
    open_items = [
        item.id for item in items if item.finished is None and item.kind is not ItemKind.MILESTONE
    ]
    rho = shared_correlation(len(open_items))
    if not of_class.is_foreign or rho == 0 or len(open_items) > MOST_CORRELATED:
        return ()
    notes.append(
        f"Estimates of one team miss together: a correlation of {rho:.2g} was set, so that the "
        "whole project has a P90 of 1.4 times its median."
    )
    return (Correlation(tuple(open_items), rho),)
