"""`headway evm TABLE.csv`: earned value of a table of status dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.tables import read_csv

if TYPE_CHECKING:
    from headway.analysis.earned_value.answer import Answer
    from headway.analysis.earned_value.measures import Measures
    from headway.analysis.earned_value.table import When


def evm(  # noqa: PLR0913  each parameter is an option of the command
    table: Annotated[
        Path,
        typer.Argument(help="CSV or XLSX: date, pv, ev, ac; all cumulative.", show_default=False),
    ],
    bac: Annotated[str, typer.Option(help="Budget at completion; the largest pv")] = "",
    start: Annotated[str, typer.Option(help="The first day; 0 where periods are numbered")] = "",
    planned_finish: Annotated[str, typer.Option(help="The day that was planned to be last")] = "",
    pv_curve: Annotated[
        Path | None, typer.Option(help="CSV: date, pv; the planned curve to its end")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what is planned, earned and spent, what the indices say, and what comes out.

    Examples:

      headway evm status.csv --start 2026-08-03 --planned-finish 2027-05-07

      headway evm status.csv --bac 1200000 --start 2026-08-03 --pv-curve plan.csv --json
    """
    from headway.analysis.earned_value.answer import Question, answer
    from headway.analysis.earned_value.table import read_curve, read_table

    rows = read_table(read_csv(table), table.name)
    curve = read_curve(read_csv(pv_curve), pv_curve.name) if pv_curve else ()
    question = Question(
        _amount(bac), _moment("--start", start), _moment("--planned-finish", planned_finish), curve
    )
    found = answer(rows, question)
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)


def _amount(text: str) -> Decimal | None:
    from headway.analysis.earned_value.table import MOST_AMOUNT

    if not text:
        return None
    number = _number(text)
    if number is None or not 0 < number <= MOST_AMOUNT:
        sentence = (
            f"--bac is {text[:40]!r}; write an amount above 0 and up to {MOST_AMOUNT:,}, without "
            "currency or separators."
        )
        raise Invalid(sentence)
    return number


def _moment(option: str, text: str) -> When | None:
    from headway.analysis.earned_value.table import MOST_PERIODS

    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        number = _number(text)
    if number is None or not 0 <= number <= MOST_PERIODS:
        sentence = (
            f"{option} is {text[:40]!r}; write a day as 2026-11-30, or the number of a period."
        )
        raise Invalid(sentence)
    return number


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _print(found: Answer) -> None:
    print_line(sentence_of(found))
    heads = ("date", "PV", "EV", "AC", "SV", "CV", "SPI", "CPI", "ES", "SPI(t)", "TCPI")
    print_table(
        f"Status dates, budget at completion {found.as_json()['bac']}",
        heads,
        [_cells(when, row) for when, row in found.rows],
        numbers=heads[1:],
    )
    last = found.rows[-1][1]
    print_table(
        "What it will cost, from the last date",
        ("by", "estimate"),
        [[name, _money(value)] for name, value in last.estimates.items()],
        numbers=("estimate",),
    )
    for note in [*found.notes, *last.missing.values()]:
        say(f"Note: {note}")


def sentence_of(found: Answer) -> str:
    """Return the answer in a line: the last date's CPI and SPI(t), and what they lead to."""
    when, row = found.rows[-1]
    costs = "n/a" if row.cpi is None else f"{row.cpi:.3f}"
    time = "n/a" if row.spi_t is None else f"{row.spi_t:.3f}"
    lands = found.day_of(row.finishes["spi_t"])
    ends = f", ends {lands} at this pace" if lands else ""
    return (
        f"{when}: CPI {costs}, SPI(t) {time}; costs {_money(row.estimates['cpi'])} at this CPI "
        f"against {_money(found.budget)}{ends}."
    )


def _cells(when: When, row: Measures) -> list[str]:
    status = row.status
    amounts = (status.planned, status.earned, status.spent)
    return [
        str(when),
        *map(_money, (*amounts, row.schedule_variance, row.cost_variance)),
        *map(_index, (row.spi, row.cpi, row.earned_schedule, row.spi_t, row.tcpi)),
    ]


def _money(amount: Decimal | None) -> str:
    return "n/a" if amount is None else f"{amount:,.2f}"


def _index(value: Decimal | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
