"""A plan held against a baseline of it: what is later, earlier, new or dropped, by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from headway.analysis.schedule.calendars import WorkingTime
from headway.domain.plans.rules.baselines import BaselineFacts, PlannedItem, PlannedWhole
from headway.domain.programs.rules.fields import choice

#: Items that the headline names.
MOST_NAMED = 3


class Standing(StrEnum):
    """How an item stands against the baseline, by its finish."""

    LATER = "later"
    EARLIER = "earlier"
    ON_SCHEDULE = "on_schedule"
    NEW = "new"
    DROPPED = "dropped"

    @property
    def words(self) -> str:
        """Return the word that a person reads."""
        return self.value.replace("_", " ").capitalize()


SORTS = ("plan", "finish", "start", "cost", "name")

read_standing = choice("", *Standing)
read_sort = choice("", *SORTS)


@dataclass(frozen=True, slots=True)
class VarianceLine:
    """One item in both plans. Days are working days, positive when later; None without a date.

    `grew` is how much longer the item itself takes (its own part of what moved its finish).
    """

    item: str
    name: str
    project: str
    kind: str
    standing: Standing
    then: PlannedItem | None
    now: PlannedItem | None
    start_days: int | None
    finish_days: int | None
    grew: int | None
    cost: Decimal
    is_critical: bool

    @property
    def key(self) -> str:
        """Return the item's key within its project."""
        return self.item.partition("/")[2]

    @property
    def is_finished(self) -> bool:
        """Say whether actual days are compared."""
        return self.now is not None and self.now.is_finished


@dataclass(frozen=True, slots=True)
class Slip:
    """One date of the program then and now: by how many calendar and working days it moved."""

    then: date | None
    now: date | None
    days: int | None
    working_days: int | None


@dataclass(frozen=True, slots=True)
class Variance:
    """A plan against a baseline. `problem` says why today's plan has no dates."""

    baseline: BaselineFacts
    lines: Sequence[VarianceLine]
    counts: Mapping[Standing, int]
    finish: Slip
    p50: Slip
    p80: Slip
    now: PlannedWhole | None
    projects: Sequence[str] = ()
    problem: str = ""
    is_behind: bool = False
    total: int = field(default=0)

    @property
    def cost(self) -> Decimal | None:
        """Return by how much the most likely schedule is dearer than it was."""
        return None if self.now is None else self.now.cost - self.baseline.whole.cost

    @property
    def cost_p80(self) -> Decimal | None:
        """Return by how much the P80 of the cost moved; None where one side has none."""
        before = self.baseline.whole.cost_p80
        after = self.now.cost_p80 if self.now else None
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class VarianceTotals:
    """A variance without its lines, as other programs read it. Money is positive when dearer."""

    headline: str
    baseline: str
    name: str
    at: datetime
    finish: Slip
    p50: Slip
    p80: Slip
    counts: Mapping[str, int]
    cost: Decimal | None
    cost_p80: Decimal | None
    currency: str
    is_behind: bool
    problem: str


@dataclass(frozen=True, slots=True)
class VarianceView:
    """How a reader wants the lines: of one project, of one standing, in which order."""

    project: str = ""
    standing: str = ""
    sort: str = ""

    @classmethod
    def read(cls, project: object = "", standing: object = "", sort: object = "") -> VarianceView:
        """Return what was asked for. Raises Invalid for a standing or an order that is none."""
        return cls(
            str(project or ""),
            str(read_standing("status", standing)),
            str(read_sort("sort", sort)),
        )


def variance_lines(
    baseline: BaselineFacts,
    now: Mapping[str, PlannedItem],
    critical: Collection[str],
    time: WorkingTime,
) -> list[VarianceLine]:
    """Return a line for every item of either plan: today's order, then what was dropped."""
    on_path = set(critical)
    dropped = [address for address in baseline.items if address not in now]
    return [
        _line(address, baseline.items.get(address), now.get(address), address in on_path, time)
        for address in [*now, *dropped]
    ]


def _line(
    address: str,
    then: PlannedItem | None,
    now: PlannedItem | None,
    is_critical: bool,  # noqa: FBT001 - a field of the line
    time: WorkingTime,
) -> VarianceLine:
    shown = now or then
    assert shown is not None
    start = finish = grew = None
    if then is not None and now is not None:
        start = _between(time, then.start, now.start)
        finish = _between(time, then.finish, now.finish)
        grew = None if start is None or finish is None else finish - start
    elif now is not None:
        grew = _between(time, now.start, now.finish)
        grew = None if grew is None or now.kind == "milestone" else grew + 1
    cost = (now.cost if now else Decimal(0)) - (then.cost if then else Decimal(0))
    return VarianceLine(
        address,
        shown.name,
        address.partition("/")[0],
        shown.kind,
        _standing(then, now, finish),
        then,
        now,
        start,
        finish,
        grew,
        cost,
        is_critical,
    )


def _standing(then: PlannedItem | None, now: PlannedItem | None, finish: int | None) -> Standing:
    if then is None:
        return Standing.NEW
    if now is None:
        return Standing.DROPPED
    if not finish:
        return Standing.ON_SCHEDULE
    return Standing.LATER if finish > 0 else Standing.EARLIER


def _between(time: WorkingTime, then: date | None, now: date | None) -> int | None:
    """Return the working days from one day to another, negative when earlier."""
    if then is None or now is None:
        return None
    return round(time.end_of(now) - time.end_of(then))


def slip(time: WorkingTime, then: date | None, now: date | None) -> Slip:
    """Return how far one date of the program moved."""
    days = None if then is None or now is None else (now - then).days
    return Slip(then, now, days, _between(time, then, now))


def counted(lines: Sequence[VarianceLine]) -> Mapping[Standing, int]:
    """Return how many items stand how; each standing is there."""
    found = Counter(line.standing for line in lines)
    return {standing: found[standing] for standing in Standing}


def viewed(variance: Variance, view: VarianceView) -> Variance:
    """Return the variance with the lines that a reader wants; its totals stay those of the plan."""
    lines = [
        line
        for line in variance.lines
        if (not view.project or line.project == view.project)
        and (not view.standing or line.standing == view.standing)
    ]
    if view.sort == "name":
        lines.sort(key=lambda line: (line.name.casefold(), line.item))
    elif view.sort == "cost":
        lines.sort(key=lambda line: -line.cost)
    elif view.sort in ("finish", "start"):
        lines.sort(key=lambda line: _size(line, view.sort))
    return replace(variance, lines=lines, total=len(lines))


def _size(line: VarianceLine, sort: str) -> float:
    days = line.finish_days if sort == "finish" else line.start_days
    return float("inf") if days is None else -float(days)


def grown_most(lines: Sequence[VarianceLine]) -> Sequence[VarianceLine]:
    """Return the critical items that take longest of what they did not take then."""
    grown = [line for line in lines if line.is_critical and (line.grew or 0) > 0]
    return sorted(grown, key=lambda line: -(line.grew or 0))[:MOST_NAMED]


def headline(variance: Variance) -> str:
    """Return the answer in a sentence: how far the P80 is from that of the baseline, and why."""
    named = f"“{variance.baseline.name}” of {variance.baseline.at:%-d %B %Y}"
    if variance.problem:
        return f"Today's plan cannot be held against {named}."
    sort, days = _deciding(variance)
    if days is None:
        return f"There is no date to hold against {named}."
    if days == 0:
        return f"On schedule: the same day as {named} {sort}."
    way = "later" if days > 0 else "earlier"
    count = abs(days)
    told = f"{count} day{'' if count == 1 else 's'} {way} than {named} {sort}"
    grown = grown_most(variance.lines) if days > 0 else ()
    if not grown:
        return f"{told}."
    causes = ", ".join(f"{line.name} {line.grew:+d}" for line in grown)
    return f"{told}: {causes} working days."


def _deciding(variance: Variance) -> tuple[str, int | None]:
    if variance.p80.days is not None:
        return "at P80", variance.p80.days
    return "by the most likely plan", variance.finish.days


def totals(variance: Variance) -> VarianceTotals:
    """Return a variance without its lines."""
    return VarianceTotals(
        headline(variance),
        variance.baseline.key,
        variance.baseline.name,
        variance.baseline.at,
        variance.finish,
        variance.p50,
        variance.p80,
        {standing.value: count for standing, count in variance.counts.items()},
        variance.cost,
        variance.cost_p80,
        variance.baseline.whole.currency,
        variance.is_behind,
        variance.problem,
    )
