"""What several audiences are told alike: the bridge, overruled evidence, promises, the footer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from headway.rendering import phrases
from headway.rendering.report.blocks import (
    LEVEL_WORDS,
    Block,
    Bullets,
    Cell,
    Grid,
    Waterfall,
)
from headway.rendering.report.onepager import OnePager
from headway.rendering.report.pack import CriterionLine, Pack, PackBridge
from headway.rendering.report.views import cells
from headway.rendering.report.views.glossary import term


def footer(report: OnePager) -> tuple[tuple[str, str], ...]:
    """Return what the numbers rest on."""
    made, head, hits = report.pedigree, report.ledger, report.hit_rate
    rate = (
        f"P80 held {hits.held} of {hits.due} times"
        if hits
        else phrases.absent("no P80 has come due yet")
    )
    sources = cells.clipped(", ".join(report.sources))
    lines = (
        ("As of", phrases.moment(report.as_of)),
        ("Sources", sources or phrases.absent("none connected")),
        ("Past forecasts", rate),
        ("Forecast", f"{made.engine}, seed {made.seed}, {made.trials:,} trials"),
        ("Ledger", f"record {head.sequence:,}, SHA-256 {head.digest}" if head else "empty"),
        ("Link", cells.clipped(report.link)),
    )
    return tuple(line for line in lines if line[1])


def overruled(pack: Pack, audience: str) -> tuple[Block, ...]:
    """Say which judgements are greener than the evidence, and the reason that was written."""
    if not pack.overruled:
        return ()
    lines = [
        f"{cells.clipped(one.dimension.capitalize())} of {cells.clipped(one.place)}: "
        f"{one.by} says {LEVEL_WORDS[one.judged].lower()}, the evidence says "
        f"{LEVEL_WORDS[one.computed].lower()}."
        for one in pack.overruled
    ]
    reason = [f"Written reason: {cells.clipped(pack.reason)}"] if pack.reason else []
    heading = term(audience, "overruled")
    return (Bullets("overruled", heading, (*reason, *lines), "None."),)


def bridge_grid(pack: Pack, audience: str, *, days: bool = True, money: bool = True) -> Grid | None:
    """Return the bridge from the last pack as a table that adds up; None for a first pack."""
    bridge = pack.bridge
    if bridge is None:
        return None
    currency = pack.executive.outlook.currency
    columns = [
        "Cause",
        *(["Days at P80"] if days else []),
        *(["Money at P80"] if money else []),
        "What happened",
    ]

    def row(
        title: str, moved: Decimal | None, amount: Decimal | None, why: str
    ) -> tuple[Cell, ...]:
        return (
            cells.words(title),
            *([cells.days(moved)] if days else []),
            *([cells.amount(amount, currency)] if money else []),
            cells.words(why),
        )

    rows = [row(one.title, one.days, one.money, one.sentence) for one in bridge.steps]
    if rows:
        moved, amount = summed([s.days for s in bridge.steps]), summed(_money(bridge))
        rows.append(row("Together", moved, amount, _ends(bridge, currency, days=days, money=money)))
    since = f", since {phrases.day(bridge.since)}" if bridge.since else ""
    heading = f"{term(audience, 'bridge')}{since}"
    empty = cells.clipped(bridge.problem) or "Nothing moved it."
    return Grid("bridge", heading, tuple(columns), tuple(rows), empty, sums=bool(rows))


def _money(bridge: PackBridge) -> list[Decimal | None]:
    return [step.money for step in bridge.steps]


def summed(parts: Sequence[Decimal | None]) -> Decimal | None:
    """Return the exact sum; None where a part has no answer."""
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if parts and len(known) == len(parts) else None


def _ends(bridge: PackBridge, currency: str, *, days: bool, money: bool) -> str:
    parts = []
    if days and bridge.then_p80 and bridge.now_p80:
        parts.append(f"{phrases.day(bridge.then_p80)} to {phrases.day(bridge.now_p80)}")
    if money and bridge.then_cost is not None and bridge.now_cost is not None:
        then = phrases.money(bridge.then_cost, currency, exact=True)
        parts.append(f"{then} to {phrases.money(bridge.now_cost, currency, exact=True)}")
    return "; ".join(parts)


def days_fall(pack: Pack) -> tuple[Block, ...]:
    """Return the bridge in days as a chart, where both packs have a P80."""
    bridge = pack.bridge
    steps = [(s.title, s.days) for s in bridge.steps if s.days is not None] if bridge else []
    if bridge is None or not bridge.then_p80 or not bridge.now_p80 or not steps:
        return ()
    if len(steps) != len(bridge.steps):
        return ()
    then, now = phrases.day(bridge.then_p80), phrases.day(bridge.now_p80)
    heading = f"P80 from {then} to {now}"
    ends = ((f"P80 of {then}", bridge.then_p80), (f"P80 of {now}", bridge.now_p80))
    return (Waterfall("bridge_days", heading, *ends, tuple(steps)),)


def money_fall(pack: Pack) -> tuple[Block, ...]:
    """Return the bridge in money as a chart, where both packs have a cost."""
    bridge, currency = pack.bridge, pack.executive.outlook.currency
    steps = [(s.title, s.money) for s in bridge.steps if s.money is not None] if bridge else []
    if bridge is None or bridge.then_cost is None or bridge.now_cost is None or not steps:
        return ()
    if len(steps) != len(bridge.steps):
        return ()
    then, now = (
        phrases.money(cost, currency, exact=True) for cost in (bridge.then_cost, bridge.now_cost)
    )
    heading = f"Cost at P80 from {then} to {now}"
    ends = (("Last pack", bridge.then_cost), ("This pack", bridge.now_cost))
    return (Waterfall("bridge_money", heading, *ends, tuple(steps), currency),)


def criteria_grid(lines: Sequence[CriterionLine], audience: str) -> Grid:
    """Return every promise with its value, interval, bound and the record it rests on."""
    noun = term(audience, "criterion")
    measured = ("Value", "Low", "High", "Bound")
    columns = ("Project", noun.capitalize(), "Verdict", *measured, "Due", "Records", "Why")
    rows = tuple(
        (
            cells.words(line.project),
            cells.words(line.name),
            cells.status(line.level, line.verdict.replace("_", " ").capitalize()),
            cells.measured(line.value),
            cells.measured(line.low),
            cells.measured(line.high),
            cells.words(line.bound),
            cells.day(line.due),
            Cell(", ".join(f"#{number}" for number in line.records) or "–"),
            cells.words(line.sentence),
        )
        for line in lines
    )
    heading = "Success criteria" if audience == "engineering" else f"{noun.capitalize()}s of models"
    return Grid("criteria", heading, columns, rows, "Nothing was promised of a model.")


def met(lines: Sequence[CriterionLine]) -> str:
    """Say how many of the promises are met."""
    return f"{sum(line.verdict == 'met' for line in lines)} of {len(lines)}"
