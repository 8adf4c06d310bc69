"""`headway forecast PLAN`: the odds of a plan file, with no server, database or configuration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.forecast_text import print_forecast
from headway.interfaces.cli.output import print_json
from headway.interfaces.cli.plan_files import moment_option, plan_at

if TYPE_CHECKING:
    from headway.analysis.schedule.forecast import Forecast
    from headway.analysis.schedule.plan import OnePoint


def forecast(  # noqa: PLR0913  each parameter is an option of the command
    plan: Annotated[
        Path, typer.Argument(help="Plan file: .yaml, .csv, .xml, .xer, .sm.", show_default=False)
    ],
    trials: Annotated[int, typer.Option(help="How many futures to simulate.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bits.")] = 0,
    target: Annotated[str, typer.Option(help="On time means by the end of this day.")] = "",
    budget: Annotated[str, typer.Option(help="An amount; the plan's currency.")] = "",
    respect_resources: Annotated[
        bool, typer.Option("--respect-resources", help="Let items wait for free resources.")
    ] = False,
    mitigated: Annotated[
        bool, typer.Option("--mitigated", help="Take every mitigation, and pay for it.")
    ] = False,
    as_of: Annotated[str, typer.Option(help="The status date; nothing starts before it.")] = "",
    without_risk: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Leave a risk out; may be repeated.")
    ] = None,
    drivers: Annotated[int, typer.Option(help="How many items to test as drivers.")] = 20,
    one_point: Annotated[
        str, typer.Option(help="Read single numbers as certain, or by history; the plan's own.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say when a plan lands, what it costs, with which odds, and what drives the finish.

    Examples:

      headway forecast plan.yaml

      headway forecast plan.yaml --as-of 2026-03-02 --target 2026-06-30 --json
    """
    asked = _Asked(trials, seed, target, budget, as_of, drivers, one_point)
    answer = _answer(
        plan,
        asked,
        without_risks=tuple(without_risk or ()),
        mitigated=mitigated,
        respect_resources=respect_resources,
    )
    if as_json:
        print_json(answer.as_json())
    else:
        print_forecast(answer)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options as they were typed."""

    trials: int
    seed: int
    target: str
    budget: str
    as_of: str
    drivers: int
    one_point: str


def _answer(
    path: Path,
    asked: _Asked,
    *,
    without_risks: tuple[str, ...],
    mitigated: bool,
    respect_resources: bool,
) -> Forecast:
    from headway.analysis.schedule.forecast import Options, forecast
    from headway.analysis.schedule.simulation import Settings

    read = plan_at(path)
    plan = read.plan
    settings = Settings(
        trials=asked.trials,
        seed=asked.seed,
        as_of=moment_option("--as-of", asked.as_of, plan),
        mitigated=mitigated,
        respect_resources=respect_resources,
    )
    options = Options(
        settings=settings,
        target=moment_option("--target", asked.target, plan),
        budget=_budget(asked.budget),
        without_risks=without_risks,
        drivers=asked.drivers,
        one_point=_one_point(asked.one_point),
    )
    answer = forecast(plan, options)
    return replace(answer, notes=(*read.notes, *answer.notes))


def _budget(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite():
        return amount
    sentence = f"--budget is {text!r}; it has to be an amount, like 250000."
    raise Invalid(sentence)


def _one_point(text: str) -> OnePoint | None:
    from headway.analysis.schedule.plan import OnePoint

    if not text:
        return None
    if text in set(OnePoint):
        return OnePoint(text)
    sentence = f"--one-point is {text!r}; it has to be {' or '.join(OnePoint)}."
    raise Invalid(sentence)
