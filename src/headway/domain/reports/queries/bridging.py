"""The difference to the last pack: the bridge between the two forecasts that they tell."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries import ForecastFacts, latest_forecast, odds_bridge
from headway.domain.programs.rules import ProgramFacts
from headway.rendering.report import OnePager
from headway.rendering.report.pack import BridgeStep, PackBridge

_REMADE = (
    "The two packs tell forecasts of another engine, seed, number of trials or plan than the "
    "bridge could run again; this leads to the numbers as they were told."
)


def bridge_since(
    actor: Actor,
    program: ProgramFacts,
    now: OnePager,
    last: datetime | None,
    known_at: datetime | None,
) -> PackBridge | None:
    """Return what moved P80 since the last pack, adding up to the day and the cent.

    `last` is the data date of the last pack. The bridge runs between the forecasts that the two
    packs tell, with the seed and the trials of the later one. None for a first pack.
    """
    before, since = now.previous, now.previous_as_of
    if before is None or last is None:
        return None
    older = latest_forecast(actor, program, last)
    newer = latest_forecast(actor, program, known_at)
    told = PackBridge(since, before.p80, now.outlook.p80, before.cost_p80, now.outlook.cost_p80)
    if older is None or newer is None:
        return _closed(told, (), "One of the two packs tells no forecast.")
    if older.at >= newer.at:
        return _closed(told, (), "No forecast was made since the last pack.")
    steps, problem = _steps(actor, program, older, newer)
    return _closed(told, steps, problem)


def _steps(
    actor: Actor, program: ProgramFacts, older: ForecastFacts, newer: ForecastFacts
) -> tuple[tuple[BridgeStep, ...], str]:
    found = odds_bridge(actor, program, older.at, newer.at, seed=newer.seed, trials=newer.trials)
    steps = tuple(
        BridgeStep(line.cause, line.title, line.days_p80, line.money_p80, line.sentence)
        for line in found.lines
    )
    return steps, found.problem


def _closed(told: PackBridge, steps: tuple[BridgeStep, ...], problem: str) -> PackBridge:
    """Return the bridge with a step that leads to the numbers as told, where one is needed."""
    days = _left(_days(told.then_p80, told.now_p80), [step.days for step in steps])
    money = _left(_money(told.then_cost, told.now_cost), [step.money for step in steps])
    if days or money:
        steps = (*steps, BridgeStep("remade", "Forecast made anew", days, money, _REMADE))
    return PackBridge(
        told.since, told.then_p80, told.now_p80, told.then_cost, told.now_cost, steps, problem
    )


def _left(whole: Decimal | None, parts: list[Decimal | None]) -> Decimal | None:
    """Return what the parts leave open of the whole; None where either has no answer."""
    known = [part for part in parts if part is not None]
    if whole is None or len(known) < len(parts):
        return None
    return whole - sum(known, Decimal(0))


def _days(then: date | None, now: date | None) -> Decimal | None:
    return None if then is None or now is None else Decimal((now - then).days)


def _money(then: Decimal | None, now: Decimal | None) -> Decimal | None:
    return None if then is None or now is None else now - then
