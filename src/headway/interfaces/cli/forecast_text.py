"""A forecast as tables for a terminal: the answer first, then why, then the items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from headway.interfaces.cli.output import print_line, print_table, say
from headway.rendering import phrases

if TYPE_CHECKING:
    from headway.analysis.schedule.forecast import Forecast
    from headway.analysis.schedule.plan import Moment
    from headway.analysis.schedule.sensitivity import Difference

SHOWN_OVERRUNS = 5
SHOWN_DRIVERS = 8
#: The percentiles that have a column.
SHOWN = (10, 50, 80, 90, 95)


def print_forecast(answer: Forecast) -> None:
    """Print the answers about a plan."""
    print_line(f"{answer.plan.name}: {_headline(answer)}")
    print_table("Finish", ("", *(f"P{one}" for one in SHOWN)), _finish_rows(answer))
    unit = answer.plan.unit.value
    numbers = (f"{unit} at P50", f"{unit} at P80", "error", "money at P80")
    print_table("Answers", ("question", "answer"), _answer_rows(answer))
    print_table(
        "What drives the finish (removed one at a time)",
        ("cause", "kind", *numbers),
        _driver_rows(answer),
        numbers=numbers,
    )
    print_table(
        "Where experiments lead",
        ("item", "outcome", "chance", "mean cost", "plan ends at P80"),
        _branch_rows(answer),
    )
    print_table(
        "What the responses to risks buy at P80",
        ("risk", "price", answer.plan.unit.value, "money saved, net"),
        _response_rows(answer),
        numbers=("price", answer.plan.unit.value, "money saved, net"),
    )
    print_table(
        "Items",
        ("id", "name", "P50", "P80", "critical", "crucial", "SSI", "float"),
        _item_rows(answer),
        numbers=("critical", "crucial", "SSI", "float"),
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
    values, errors = answer.ladder.values, answer.ladder.errors
    rows = [[answer.plan.unit.value, *(_number(values[one]) for one in SHOWN)]]
    if answer.plan.calendar:
        days = [answer.simulation.frame.time.date_of_finish(values[one]) for one in SHOWN]
        rows.insert(0, ["date", *(phrases.day(day) for day in days)])
    rows.append(["± error", *(phrases.number(errors[one], 2) for one in SHOWN)])
    if answer.cost_ladder is not None:
        costs, doubts = answer.cost_ladder.values, answer.cost_ladder.errors
        rows.append(["cost", *(_cost(answer, costs[one]) for one in SHOWN)])
        rows.append(["± error", *(_cost(answer, doubts[one]) for one in SHOWN)])
    return rows


def _answer_rows(answer: Forecast) -> list[list[str]]:
    deterministic, unit = answer.deterministic, answer.plan.unit.value
    never = answer.simulation.p_never
    own = f"{_number(deterministic.duration)} {unit}"
    kept = f"{_number(answer.contingency)} {unit}"
    if answer.contingency_cost is not None:
        kept += f" and {_cost(answer, answer.contingency_cost)}"
    rows = [
        ["on time", phrases.share(answer.p_on_time)],
        ["on time, classical PERT", phrases.share(answer.pert_p_on_time)],
        ["within budget", phrases.share(answer.p_within_budget)],
        ["both", phrases.share(answer.p_joint)],
        ["without uncertainty", own],
        ["chance of that", phrases.share(answer.p_deterministic)],
        ["contingency to P80", kept],
        ["beside PERT", answer.merge_bias.sentence(unit)],
        ["critical path", _path(deterministic.path)],
    ]
    if set(deterministic.longest) != set(deterministic.path):
        rows.append(["longest path", _path(deterministic.longest)])
    rows += [["cannot be kept", one.sentence] for one in answer.overruns[:SHOWN_OVERRUNS]]
    if never:
        rows.insert(1, ["never", phrases.share(never)])
    return rows + _joint_rows(answer)


def _joint_rows(answer: Forecast) -> list[list[str]]:
    rows = []
    for one in answer.joint.frontiers if answer.joint else ():
        pair, each = one.balanced, phrases.share(one.each)
        by = _when(pair.date) if pair.date else _number(pair.finish)
        words = f"by {by} with {_cost(answer, pair.cost)} (each alone: {each})"
        rows.append([f"time and money at {one.percent} %", words])
    return rows


def _branch_rows(answer: Forecast) -> list[list[str]]:
    rows = []
    for one in answer.attempts:
        otherwise = f"gives up: {one.fallback or 'never ends'}"
        for words, outcome in (("succeeds", one.succeeds), (otherwise, one.fails)):
            day = answer.simulation.frame.time.date_of_finish(outcome.p80)
            ends = phrases.day(day) if answer.plan.calendar else _number(outcome.p80)
            cost = _cost(answer, outcome.cost if answer.cost else None)
            rows.append([one.id, words, phrases.share(outcome.probability), cost, ends])
    return rows


def _response_rows(answer: Forecast) -> list[list[str]]:
    found = answer.responses
    if found is None:
        return []
    gains = [(one.risk, float(one.price), one.at_p80) for one in found.each]
    rows = [*gains, ("all of them", sum(price for _, price, _ in gains), found.at_p80)]
    return [
        [name, _cost(answer, price), _gain(effect.finish), _money_gain(answer, effect.cost)]
        for name, price, effect in rows
    ]


def _gain(found: Difference) -> str:
    return "no difference" if found.is_equal else _number(found.value)


def _money_gain(answer: Forecast, found: Difference) -> str:
    return "no difference" if found.is_equal else _cost(answer, found.value)


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
            _gain(driver.at_p50.finish),
            "no difference" if driver.within_error else _number(driver.delta_p80),
            _number(driver.delta_p80_error),
            "no difference"
            if driver.cost_within_error
            else _cost(answer, driver.delta_cost_p80 if answer.cost else None),
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
        of_item = answer.importance.get(row.item.id)
        marks = [of_item.cruciality, of_item.ssi] if of_item else [None, None]
        indices = [phrases.number(mark, 2) for mark in marks]
        floating = _number(row.total_float)
        rows.append([row.item.id, row.item.name, *shown, critical, *indices, floating])
    return rows


def _when(moment: Moment) -> str:
    return phrases.day(moment) if isinstance(moment, date) else _number(moment)


def _number(value: float | None) -> str:
    return phrases.number(value, 1)
