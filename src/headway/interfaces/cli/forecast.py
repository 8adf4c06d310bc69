"""`headway forecast PLAN`: the odds of a plan file, with no server, database or configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.plan_files import moment_option, plan_at
from headway.rendering import phrases

if TYPE_CHECKING:
    from headway.analysis.schedule.forecast import Forecast
    from headway.analysis.schedule.plan import Moment

SHOWN_DRIVERS = 8


def forecast(  # noqa: PLR0913  each parameter is an option of the command
    plan: Annotated[
        Path, typer.Argument(help="A plan file: .yaml, .csv or .xml.", show_default=False)
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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say when a plan lands, what it costs, with which odds, and what drives the finish.

    Examples:

      headway forecast plan.yaml

      headway forecast plan.yaml --as-of 2026-03-02 --target 2026-06-30 --json
    """
    asked = _Asked(trials, seed, target, budget, as_of, drivers)
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
        _print(answer)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options as they were typed."""

    trials: int
    seed: int
    target: str
    budget: str
    as_of: str
    drivers: int


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


def _print(answer: Forecast) -> None:
    print_line(f"{answer.plan.name}: {_headline(answer)}")
    print_table("Finish", ("", "P10", "P50", "P80", "P90", "P95"), _finish_rows(answer))
    print_table("Answers", ("question", "answer"), _answer_rows(answer))
    print_table(
        "What drives the finish (removed one at a time)",
        ("cause", "kind", f"{answer.plan.unit.value} at P80", "error"),
        _driver_rows(answer),
        numbers=(f"{answer.plan.unit.value} at P80", "error"),
    )
    print_table(
        "Items",
        ("id", "name", "P50", "P80", "critical", "float"),
        _item_rows(answer),
        numbers=("critical", "float"),
    )
    for note in answer.notes:
        say(f"Note: {note}")


def _headline(answer: Forecast) -> str:
    dates = answer.finish_dates
    if answer.plan.calendar:
        lands = phrases.span(dates["p50"], dates["p80"])
    else:
        lands = f"{_number(answer.finish.p50)} at P50, {_number(answer.finish.p80)} at P80"
    if answer.target is None:
        return f"lands {lands}"
    return f"lands {lands}; target {_when(answer.target)}: {phrases.share(answer.p_on_time)}"


def _finish_rows(answer: Forecast) -> list[list[str]]:
    rows = [[answer.plan.unit.value, *(_number(v) for v in answer.finish.as_dict().values())]]
    if answer.plan.calendar:
        rows.insert(0, ["date", *(phrases.day(day) for day in answer.finish_dates.values())])
    return rows


def _answer_rows(answer: Forecast) -> list[list[str]]:
    deterministic = answer.deterministic
    never = answer.simulation.p_never
    rows = [
        ["on time", phrases.share(answer.p_on_time)],
        ["on time, classical PERT", phrases.share(answer.pert_p_on_time)],
        ["within budget", phrases.share(answer.p_within_budget)],
        ["both", phrases.share(answer.p_joint)],
        ["cost at P50", _cost(answer, answer.cost.p50 if answer.cost else None)],
        ["cost at P80", _cost(answer, answer.cost.p80 if answer.cost else None)],
        ["without uncertainty", f"{_number(deterministic.duration)} {answer.plan.unit.value}"],
        ["critical path", _path(deterministic.path)],
    ]
    if never:
        rows.insert(1, ["never", phrases.share(never)])
    names = {item.id: item for item in answer.plan.items}
    for item_id, share in answer.simulation.branches.items():
        what = "succeeds" if names[item_id].attempts else "is needed"
        rows.append([f"{item_id} {what}", phrases.share(share)])
    return rows


def _path(item_ids: Sequence[str], most: int = 12) -> str:
    shown = " → ".join(item_ids[:most])
    return shown if len(item_ids) <= most else f"{shown} … {len(item_ids) - most} more"


def _cost(answer: Forecast, amount: float | None) -> str:
    if amount is None:
        return phrases.NOT_AVAILABLE
    if answer.currency is None:
        return phrases.number(amount, 0)
    return phrases.money(Decimal(repr(amount)), answer.currency)


def _driver_rows(answer: Forecast) -> list[list[str]]:
    return [
        [
            driver.id,
            driver.kind,
            "no difference" if driver.within_error else _number(driver.delta_p80),
            _number(driver.delta_p80_error),
        ]
        for driver in answer.drivers[:SHOWN_DRIVERS]
    ]


def _item_rows(answer: Forecast) -> list[list[str]]:
    time = answer.simulation.frame.time
    criticality = answer.simulation.criticality
    rows = []
    for row in answer.items:
        ends = [row.finish.p50, row.finish.p80]
        dated = [phrases.day(time.date_of_finish(end)) for end in ends]
        shown = dated if answer.plan.calendar else [_number(end) for end in ends]
        critical = "done" if row.item.finished else phrases.share(criticality[row.item.id])
        rows.append([row.item.id, row.item.name, *shown, critical, _number(row.total_float)])
    return rows


def _when(moment: Moment) -> str:
    return phrases.day(moment) if isinstance(moment, date) else _number(moment)


def _number(value: float | None) -> str:
    return phrases.number(value, 1)
