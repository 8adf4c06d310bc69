"""Any plan a file can hold, for laws of writing and reading."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from headway.analysis.quantities import Money
from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Attempts,
    Calendar,
    Closure,
    Correlation,
    Distribution,
    Estimate,
    Item,
    ItemKind,
    LagUnit,
    Link,
    LinkType,
    Mitigation,
    OnePoint,
    Plan,
    Rate,
    Resource,
    Risk,
    Unit,
)
from headway.analysis.schedule.soundness import problems

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp", "Zs"]), max_size=12
)
FILLED = NAMES.filter(bool)
NUMBERS = st.one_of(
    st.integers(0, 400).map(float), st.floats(0, 1e5, allow_nan=False, allow_subnormal=False)
)
DAYS = st.dates(date(2026, 1, 5), date(2027, 12, 31))
COSTS = st.decimals(0, 10**9, places=2)
SHARES = st.floats(0, 1)
#: Lags that a file can write: nine decimals.
LAGS = st.integers(-(10**12), 10**12).map(lambda number: number / 1e9)


def ranges(shape: Distribution | None = None, least: float = 0.0) -> st.SearchStrategy[Estimate]:
    """Any range, ascending."""
    numbers = st.lists(NUMBERS.map(lambda number: number + least), min_size=3, max_size=3)
    return numbers.map(lambda three: Estimate(*sorted(three), distribution=shape))


@st.composite
def calendars(draw: st.DrawFn, name: str) -> Calendar:
    """Any calendar with working time, to the minute."""
    weekdays = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
    windows = draw(windows_of())
    own = draw(st.dictionaries(st.sampled_from(weekdays), windows_of(), max_size=2))
    hours = tuple(sorted((day, spans) for day, spans in own.items() if spans != windows))
    extra = draw(st.dictionaries(DAYS, windows_of(), max_size=3))
    holidays = draw(st.sets(DAYS, max_size=5)) - set(extra)
    return Calendar(
        name, weekdays, windows, tuple(sorted(holidays)), hours, tuple(sorted(extra.items()))
    )


@st.composite
def windows_of(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """Spans of a day with a pause between them."""
    ends = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=4)))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    return tuple((_hour(begin), _hour(end)) for begin, end in pairs)


def _hour(minutes: int) -> float:
    """Return minutes of the day in hours, as readers work them out."""
    return minutes // 60 + minutes % 60 / 60


@st.composite
def items_of(draw: st.DrawFn, ids: list[str], number: int, plan: dict[str, Any]) -> Item:
    """An item whose links go to those before it."""
    dated, shape = plan["dated"], draw(st.none() | st.sampled_from(Distribution))
    moments = st.none() | (DAYS if dated else NUMBERS)
    least = 0.5 if Distribution.LOGNORMAL in (shape, plan["distribution"]) else 0.0
    estimate = draw(st.none() | ranges(shape, least))
    before = (
        draw(st.lists(st.sampled_from(ids[:number]), unique=True, max_size=3)) if number else []
    )
    started = draw(moments)
    remaining = draw(st.none() | ranges(shape, least)) if started is not None else None
    resources = [one.name for one in plan["resources"]]
    wanted = st.dictionaries(st.sampled_from(resources), NUMBERS.filter(bool), max_size=2)
    return Item(
        id=ids[number],
        name=draw(NAMES),
        kind=draw(st.sampled_from(ItemKind)),
        estimate=estimate,
        after=tuple(draw(links(one)) for one in before),
        needs=draw(wanted) if resources else {},
        cost=draw(COSTS),
        attempts=draw(st.none() | attempts(ids[:number], moments, shape, least)),
        not_before=draw(moments),
        pinned=draw(moments),
        deadline=draw(moments),
        started=started,
        remaining=remaining,
        done=draw(st.none() | SHARES) if started is not None else None,
        calendar=draw(st.sampled_from(["", *(one.name for one in plan["calendars"])])),
        priority=draw(st.integers(0, 1000)),
        outline=tuple(draw(st.lists(FILLED, max_size=3))),
    )


@st.composite
def links(draw: st.DrawFn, predecessor: str) -> Link:
    """A link of any type, with any lag that a file can write."""
    lag = draw(LAGS)
    unit = draw(st.sampled_from(LagUnit)) if lag else LagUnit.WORKING
    return Link(predecessor, draw(st.sampled_from(LinkType)), lag, unit)


@st.composite
def attempts(
    draw: st.DrawFn, before: list[str], moments: Any, shape: Distribution | None, least: float
) -> Attempts:
    """An experiment; what stands before it may be its fallback only where nothing waits for it."""
    success = Estimate(*sorted(draw(st.lists(SHARES, min_size=3, max_size=3))))
    return Attempts(
        success=success,
        max=draw(st.integers(1, 9)),
        each=draw(ranges(shape, least)),
        feasible=draw(SHARES),
        cost=draw(COSTS),
        stop_by=draw(moments),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any sound plan as a file's reader makes it: its own calendar is among those it knows."""
    dated = draw(st.booleans())
    names = draw(
        st.lists(FILLED.filter(lambda n: n not in ("none", "weekdays")), max_size=2, unique=True)
    )
    known = (WEEKDAYS, *(draw(calendars(name)) for name in names)) if dated else ()
    plan: dict[str, Any] = {
        "dated": dated,
        "calendars": known,
        "distribution": draw(st.sampled_from(Distribution)),
        "resources": tuple(
            draw(resources(name, dated, known))
            for name in draw(st.lists(FILLED, max_size=2, unique=True))
        ),
    }
    ids = draw(st.lists(FILLED, min_size=1, max_size=5, unique=True))
    items = tuple(draw(items_of(ids, number, plan)) for number in range(len(ids)))
    drawn = Plan(
        name=draw(FILLED),
        items=items,
        start=draw(DAYS) if dated else None,
        unit=draw(st.sampled_from(Unit)),
        calendar=draw(st.sampled_from(known)) if dated else None,
        distribution=plan["distribution"],
        target=draw(st.none() | (DAYS if dated else NUMBERS)),
        budget=draw(st.none() | COSTS.map(lambda amount: Money(amount, "EUR"))),
        resources=plan["resources"],
        risks=tuple(draw(risks(f"R{n}", ids, dated)) for n in range(draw(st.integers(0, 2)))),
        correlations=draw(correlations(ids)),
        one_point=draw(st.sampled_from(OnePoint)),
        calendars=known,
    )
    assume(not problems(drawn))  # two calendars may have no hour in common
    return drawn


@st.composite
def resources(draw: st.DrawFn, name: str, dated: bool, known: Any) -> Resource:  # noqa: FBT001
    """People or machines, whose capacity may change."""
    moments = DAYS if dated else NUMBERS
    steps = sorted(draw(st.dictionaries(moments, NUMBERS, max_size=3)).items())
    amount = draw(st.decimals(1, 500, places=2))
    return Resource(
        name=name,
        capacity=0.0 if steps else draw(NUMBERS),
        rate=draw(
            st.none() | st.sampled_from(["hour", "day", "week"]).map(lambda p: Rate(amount, p))
        ),
        kind=draw(st.sampled_from(["people", "compute"])),
        steps=tuple(steps),
        calendar=draw(st.sampled_from(["", *(one.name for one in known)])),
        skills=tuple(draw(st.lists(FILLED, max_size=2, unique=True))),
    )


@st.composite
def risks(draw: st.DrawFn, key: str, ids: list[str], dated: bool) -> Risk:  # noqa: FBT001
    """A risk that delays some items, with a response or without."""
    delays = tuple(draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)))
    response = draw(st.none() | st.just(Mitigation(0.25, None, None, Decimal(5))))
    delay = draw(ranges()) if delays else None
    impact = draw(st.none() | ranges())
    closes = draw(st.none() | closures(ids, dated))
    return Risk(key, draw(SHARES), draw(NAMES), delays, delay, impact, response, closes=closes)


@st.composite
def closures(draw: st.DrawFn, ids: list[str], dated: bool) -> Closure:  # noqa: FBT001
    """Time that a risk takes out of the calendar."""
    ends = sorted(draw(st.lists(DAYS if dated else NUMBERS, min_size=2, max_size=2)))
    items = tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True)))
    return Closure(draw(ranges()), ends[0], ends[1], items)


@st.composite
def correlations(draw: st.DrawFn, ids: list[str]) -> tuple[Correlation, ...]:
    """Two items that move together."""
    if len(ids) < 2 or not draw(st.booleans()):
        return ()
    return (Correlation((ids[0], ids[1]), draw(st.floats(-1, 1))),)
