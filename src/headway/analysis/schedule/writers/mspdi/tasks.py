"""Tasks out: the rows of the outline, each item with its dates, links, constraint and progress.

Dates are those of the plan without uncertainty, where a resource is never short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from headway.analysis.schedule.critical_path import CriticalPath
from headway.analysis.schedule.plan import Item, ItemKind, LinkType
from headway.analysis.schedule.readers.mspdi.links import TYPES
from headway.analysis.schedule.readers.mspdi.tasks import CENTS, MSO, SNET
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xml_tree import Element
from headway.analysis.schedule.writers.mspdi import fields
from headway.analysis.schedule.writers.mspdi.clock import FORMATS, Clock
from headway.analysis.schedule.writers.mspdi.document import element

_NUMBERS = {type_: number for number, type_ in TYPES.items()}
_FIXED_DURATION, _PRORATED = 1, 3
LATEST_UID = 2_000_000_000


@dataclass(slots=True)
class Outline:
    """Where the next row stands: the open summaries and how many rows each level has."""

    open: tuple[str, ...] = ()
    counts: list[int] = field(default_factory=lambda: [0])

    def number(self, level: int) -> str:
        """Return the outline number of the next row at `level`, from 1."""
        del self.counts[level:]
        while len(self.counts) < level:
            self.counts.append(0)
        self.counts[level - 1] += 1
        return ".".join(map(str, self.counts))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rows are written from."""

    clock: Clock
    path: CriticalPath
    uids: dict[str, int]
    calendars: dict[str, int]
    losses: Losses
    used: set[int]


def uids_of(items: Sequence[Item]) -> dict[str, int]:
    """Return the UID of each item: its id where all ids are numbers, else its place."""
    ids = [item.id for item in items]
    if all(one.isascii() and one.isdigit() and str(int(one)) == one for one in ids):
        numbers = [int(one) for one in ids]
        if all(0 < number < LATEST_UID for number in numbers):
            return dict(zip(ids, numbers, strict=True))
    return {one: number for number, one in enumerate(ids, 1)}


def task_elements(sheet: Sheet) -> Iterator[Element]:
    """Yield the rows: a summary where the outline opens one, and each item."""
    plan = sheet.clock.plan
    outline = Outline()
    next_uid = max(sheet.uids.values(), default=0) + 1
    row = 0
    for number, item in enumerate(plan.items):
        kept = _shared(outline.open, item.outline)
        for depth in range(kept, len(item.outline)):
            row += 1
            below = item.outline[: depth + 1]
            within = _below(plan.items[number:], below)
            head = _head(next_uid, row, item.outline[depth], outline.number(depth + 1), depth + 1)
            yield _summary(sheet, head, within)
            next_uid += 1
        outline.open = item.outline
        row += 1
        level = len(item.outline) + 1
        head = _head(sheet.uids[item.id], row, item.name, outline.number(level), level)
        yield _task(sheet, head, item)


def _shared(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many summaries from the top two outlines share."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _below(items: Sequence[Item], outline: tuple[str, ...]) -> list[Item]:
    """Return the items, from the first on, that stand under a summary without a break."""
    found = []
    for item in items:
        if item.outline[: len(outline)] != outline:
            break
        found.append(item)
    return found


def _head(uid: int, row: int, name: str, number: str, level: int) -> dict[str, object | None]:
    return {
        "UID": uid,
        "ID": row,
        "Name": name or None,
        "Type": _FIXED_DURATION,
        "IsNull": 0,
        "WBS": number,
        "OutlineNumber": number,
        "OutlineLevel": level,
    }


def _summary(sheet: Sheet, head: dict[str, object | None], items: Sequence[Item]) -> Element:
    clock, path = sheet.clock, sheet.path
    begin = min(path.early_start[item.id] for item in items)
    end = max(path.early_finish[item.id] for item in items)
    values = {
        **head,
        "Start": clock.begins(begin),
        "Finish": clock.ends(end),
        "Duration": clock.duration(end - begin),
        "DurationFormat": FORMATS[clock.plan.unit],
        "EffortDriven": 0,
        "Milestone": 0,
        "Summary": 1,
    }
    return element("Task", values)


def _task(sheet: Sheet, head: dict[str, object | None], item: Item) -> Element:
    values = {**head, "Priority": item.priority, **_times(sheet, item), **_progress(sheet, item)}
    made = element("Task", {**values, **_bounds(sheet, item)})
    for link in item.after:
        lag, format_ = sheet.clock.lag(link, item.id, sheet.losses)
        made.children.append(
            element(
                "PredecessorLink",
                {
                    "PredecessorUID": sheet.uids[link.predecessor],
                    "Type": _NUMBERS[LinkType(link.type)],
                    "CrossProject": 0,
                    "LinkLag": lag,
                    "LagFormat": format_,
                },
            )
        )
    for own, held in fields.values(item, sheet.clock, sheet.uids[item.id]):
        sheet.used.add(own)
        made.children.append(held)
    return made


def _times(sheet: Sheet, item: Item) -> dict[str, object | None]:
    clock, path = sheet.clock, sheet.path
    begin, end = path.early_start[item.id], path.early_finish[item.id]
    tenths = clock.minutes_per_unit * 10
    is_point = item.kind is ItemKind.MILESTONE and end - begin == 0
    return {
        "Start": clock.start(item.started)
        if isinstance(item.started, date)
        else clock.begins(begin),
        "Finish": clock.begins(begin) if is_point else clock.ends(end),
        "Duration": clock.duration(_whole(item)),
        "DurationFormat": FORMATS[clock.plan.unit],
        "EffortDriven": 0,
        "Estimated": 0,
        "Milestone": item.kind is ItemKind.MILESTONE,
        "Summary": 0,
        "Critical": item.id in path.path,
        "FreeSlack": round(path.free_float[item.id] * tenths),
        "TotalSlack": round(path.total_float[item.id] * tenths),
    }


def _whole(item: Item) -> float:
    """Return the most likely duration of all the work, done or not."""
    whole = item.estimate or (item.attempts.each if item.attempts else None) or item.duration
    return 0.0 if whole is None else whole.most_likely


def _progress(sheet: Sheet, item: Item) -> dict[str, object | None]:
    clock, whole = sheet.clock, _whole(item)
    left = item.left
    remaining = whole if left is None else left.most_likely
    share = _share(item, whole, remaining)
    finished = item.finished
    return {
        "FixedCost": _cents(item),
        "FixedCostAccrual": _PRORATED,
        "PercentComplete": round(share * 100),
        "ActualStart": _day(item.started or finished, clock.start),
        "ActualFinish": _day(finished, clock.end),
        "ActualDuration": clock.duration(whole * share) if share else None,
        "RemainingDuration": clock.duration(0.0 if finished else remaining),
    }


def _share(item: Item, whole: float, remaining: float) -> float:
    if item.finished is not None:
        return 1.0
    if item.started is None:
        return 0.0
    if item.done is not None:
        return item.done
    return min(max(1.0 - remaining / whole, 0.0), 0.99) if whole > 0 else 0.0


def _cents(item: Item) -> str:
    return f"{item.cost * CENTS:f}"


def _day(moment: object, as_text: object) -> str | None:
    if not isinstance(moment, date) or not callable(as_text):
        return None
    return str(as_text(moment))


def _bounds(sheet: Sheet, item: Item) -> dict[str, object | None]:
    clock = sheet.clock
    kind, bound = 0, None
    if isinstance(item.pinned, date):
        kind, bound = MSO, item.pinned
        if item.not_before is not None:
            sheet.losses.tell("A task has one constraint: a pin wins over not before", item.id)
    elif isinstance(item.not_before, date):
        kind, bound = SNET, item.not_before
    if item.also:
        sheet.losses.tell("A task has one calendar: those of who does it are left out", item.id)
    return {
        "ConstraintType": kind,
        "CalendarUID": _calendar(sheet, item),
        "ConstraintDate": clock.start(bound) if bound else None,
        "Deadline": _day(item.deadline, clock.end),
        "IgnoreResourceCalendar": bool(item.calendar) and not _is_shared(sheet, item),
    }


def _calendar(sheet: Sheet, item: Item) -> int:
    """Return the UID of the task's calendar; none where the project's holds.

    A task without one would run by its people's calendars alone, and not also by the plan's.
    """
    plan_calendar = sheet.clock.calendar.name if _is_shared(sheet, item) else ""
    return sheet.calendars.get(item.calendar or plan_calendar, -1)


def _is_shared(sheet: Sheet, item: Item) -> bool:
    """Say whether the work needs somebody with a calendar of their own."""
    plan = sheet.clock.plan
    return any(one.calendar and one.name in item.needs for one in plan.resources)
