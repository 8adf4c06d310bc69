"""Scenarios beside the plan as a page shows them: cells with their differences, people, curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from headway.analysis.schedule.comparing import Differences, PairedDifference
from headway.domain.plans.rules import ScenarioFacts, ScenarioStand
from headway.rendering import phrases
from headway.rendering.charts.chart import Chart
from headway.rendering.charts.scenarios import PlanOdds, plans_over_each_other


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A scenario's value, by how much it differs from the plan's, and whether that is chance."""

    name: str
    text: str
    moved: str = ""
    is_equal: bool = False


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One measure of the plan and of each scenario."""

    title: str
    plan: str
    cells: Sequence[ComparedCell]


_Value = Callable[[ScenarioStand, str], str]
_Difference = Callable[[Differences], PairedDifference | None]


def _money(value: object, currency: str) -> str:
    return "n/a" if value is None else phrases.money(value, currency)  # type: ignore[arg-type]


def _share(value: float | None) -> str:
    return "n/a" if value is None else phrases.share(value)


_ROWS: Sequence[tuple[str, str, _Value, _Difference]] = (
    ("Finish at P50", "days", lambda s, c: phrases.day(s.p50), lambda d: d.finish_p50),
    ("Finish at P80", "days", lambda s, c: phrases.day(s.p80), lambda d: d.finish_p80),
    ("P(on time)", "share", lambda s, c: _share(s.p_on_time), lambda d: d.p_on_time),
    ("Cost at P50", "money", lambda s, c: _money(s.cost_p50, c), lambda d: d.cost_p50),
    ("Cost at P80", "money", lambda s, c: _money(s.cost_p80, c), lambda d: d.cost_p80),
    ("On time and in budget", "share", lambda s, c: _share(s.p_joint), lambda d: d.p_joint),
)


def comparison_rows(
    scenarios: Sequence[ScenarioFacts], currency: str, plan: ScenarioStand | None = None
) -> list[ComparedRow]:
    """Return the measures of the plan and of each scenario; nothing before any was worked out."""
    stands = plan or next((one.outlook.plan for one in scenarios if one.outlook), None)
    if stands is None:
        return []
    return [
        ComparedRow(
            title,
            told(stands, currency),
            [_cell(one, (sort, told, pick), currency) for one in scenarios],
        )
        for title, sort, told, pick in _ROWS
    ]


def _cell(one: ScenarioFacts, row: tuple[str, _Value, _Difference], currency: str) -> ComparedCell:
    sort, told, pick = row
    outlook = one.outlook
    if outlook is None or outlook.own is None:
        return ComparedCell(one.name, "n/a")
    found = pick(outlook.differences) if outlook.differences else None
    text = told(outlook.own, currency)
    if found is None or found.value is None:
        return ComparedCell(one.name, text)
    if found.is_equal:
        return ComparedCell(one.name, text, "equal", is_equal=True)
    return ComparedCell(one.name, text, _moved(sort, found.value, currency))


def _moved(sort: str, value: float, currency: str) -> str:
    if sort == "days":
        count = round(value)
        return f"{count:+d} day{'' if abs(count) == 1 else 's'}" if count else f"{value:+.1f} days"
    if sort == "share":
        return f"{value * 100:+.0f} points"
    return f"{value:+,.0f} {currency}"


def people_rows(
    scenarios: Sequence[ScenarioFacts], plan: ScenarioStand | None = None
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Return each resource with, for the plan and each scenario, its peak and total.

    The mark beside says that the peak is above what there is.
    """
    stands = plan or next((one.outlook.plan for one in scenarios if one.outlook), None)
    owns = [one.outlook.own if one.outlook else None for one in scenarios]
    columns = list(
        zip(["The plan", *(one.name for one in scenarios)], [stands, *owns], strict=True)
    )
    names = list(dict.fromkeys(need.name for _, one in columns if one for need in one.demand))
    return [(name, [(title, *_demand(one, name)) for title, one in columns]) for name in names]


def _demand(stand: ScenarioStand | None, name: str) -> tuple[str, bool]:
    found = next((one for one in stand.demand if one.name == name), None) if stand else None
    if found is None:
        return ("–", False)
    told = f"peak {found.peak:g} of {found.capacity:g}, {found.total:,.0f} days in all"
    return (told, found.peak > found.capacity)


def comparison_chart(
    asked: tuple[ScenarioStand | None, tuple[ScenarioFacts, ...], date | None],
) -> Chart:
    """Draw the S-curves of the plan and of the scenarios over each other."""
    plan, scenarios, target = asked
    named = [("The plan", plan)]
    named += [(one.name, one.outlook.own if one.outlook else None) for one in scenarios]
    odds = [PlanOdds(name, tuple(one.curve), one.p80) for name, one in named if one is not None]
    return plans_over_each_other(odds, target)


def scenario_words(scenarios: Sequence[ScenarioFacts]) -> str:
    """Return the answer in a sentence: which lands first at P80, and by how much."""
    told = [(_days(one), one.name) for one in scenarios]
    known = sorted((days, name) for days, name in told if days is not None)
    if not scenarios:
        return "Nothing is tried."
    if not known:
        count = len(scenarios)
        return f"{count} scenario{'' if count == 1 else 's'}, and none is worked out yet."
    days, name = known[0]
    count = abs(round(days))
    if not count:
        return f"“{name}” lands when the plan does, at P80."
    way = "earlier" if days < 0 else "later"
    return f"“{name}” lands {count} day{'' if count == 1 else 's'} {way} than the plan at P80."


def _days(one: ScenarioFacts) -> float | None:
    moved = one.outlook.differences if one.outlook else None
    if moved is None or moved.finish_p80.value is None:
        return None
    return 0.0 if moved.finish_p80.is_equal else moved.finish_p80.value
