"""`headway attain RUNS.csv`: when does a metric reach its target, from its runs?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.tables import read_csv

if TYPE_CHECKING:
    from headway.analysis.attainment.answer import Attainment
    from headway.analysis.attainment.table import Table

#: Futures at most: more would only cost memory.
MOST_DRAWS = 100_000
#: Days of the calendar, a century: further ahead there may be no such day.
MOST_AHEAD = 36_500


def attain(  # noqa: PLR0913  each parameter is an option of the command
    runs: Annotated[
        Path, typer.Argument(help="CSV or XLSX with one line a run.", show_default=False)
    ],
    metric: Annotated[str, typer.Option(metavar="COL", help="The column of the metric")],
    target: Annotated[float, typer.Option(help="What was promised")],
    maximise: Annotated[
        bool, typer.Option("--maximise/--minimise", help="Which way is better")
    ] = True,
    time: Annotated[str, typer.Option(metavar="COL", help="When the run was made")] = "time",
    evaluation: Annotated[
        str, typer.Option("--eval", metavar="COL", help="Digest of the evaluation data")
    ] = "",
    effort: Annotated[
        str, typer.Option(metavar="COL", help="Labels, hours, runs: the curve is over it")
    ] = "",
    error: Annotated[str, typer.Option(metavar="COL", help="The metric's standard error")] = "",
    size: Annotated[
        str, typer.Option(metavar="COL", help="Rows behind a share, for its standard error")
    ] = "",
    confirmed: Annotated[str, typer.Option(metavar="COL", help="The metric on held-out data")] = "",
    pace: Annotated[
        float | None, typer.Option(help="Effort a day from now on; as it came, if not told")
    ] = None,
    ideal: Annotated[
        float | None, typer.Option(help="The best value imaginable; 1 for a share")
    ] = None,
    as_of: Annotated[str, typer.Option(help="Look ahead from this day; the last run")] = "",
    by: Annotated[str, typer.Option(help="Tell the odds by this day as well")] = "",
    ahead: Annotated[float | None, typer.Option(help="How many days to look ahead")] = None,
    backtest: Annotated[int, typer.Option(help="Hide so many runs, and see if it held")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bits.")] = 0,
    draws: Annotated[int, typer.Option(help="How many futures.")] = 2_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say when a metric reaches its target, or that it will not at this pace.

    Examples:

      headway attain runs.csv --metric recall --target 0.97 --time date --eval digest

      headway attain runs.csv --metric recall --target 0.97 --effort labels --size rows --json

      headway attain runs.csv --metric rmse --minimise --target 1.2 --backtest 3
    """
    from headway.analysis.attainment.answer import attain as attained
    from headway.analysis.attainment.history import Question
    from headway.analysis.attainment.table import Columns, read_runs

    _require_counts(draws, backtest, ahead, pace)
    _require_numbers({"--target": target, "--ideal": ideal})
    columns = Columns(metric, time, evaluation, error, size, effort, confirmed)
    table = read_runs(read_csv(runs), runs.name, columns)
    if table.dated and (ahead or 0) > MOST_AHEAD:
        sentence = (
            f"--ahead is {ahead:g}; days of the calendar are told up to {MOST_AHEAD:,} ahead."
        )
        raise Invalid(sentence)
    question = Question(
        target,
        maximise,
        ideal,
        _moment("--as-of", as_of, table),
        ahead,
        pace,
        None,
        seed,
        draws,
    )
    found = attained(
        table.runs,
        question,
        dated=table.dated,
        hidden=backtest,
        by=_moment("--by", by, table),
    )
    document = found.as_json()
    if table.without:
        note = f"{table.without} runs have no {metric} and were left out."
        document["notes"] = [note, *found.notes]
    if as_json:
        print_json(document)
    else:
        _print(found, document)


def _require_counts(draws: int, backtest: int, ahead: float | None, pace: float | None) -> None:
    if not 100 <= draws <= MOST_DRAWS:
        sentence = f"--draws is {draws}; give 100 to {MOST_DRAWS:,}."
        raise Invalid(sentence)
    if backtest < 0:
        sentence = f"--backtest is {backtest}; it hides runs, so give a number from 1."
        raise Invalid(sentence)
    for option, value in (("--ahead", ahead), ("--pace", pace)):
        if value is not None and not 0 < value < 1e9:
            sentence = f"{option} is {value:g}; give a number above 0."
            raise Invalid(sentence)


def _require_numbers(told: Mapping[str, float | None]) -> None:
    from headway.analysis.attainment.history import MOST_NUMBER

    for option, value in told.items():
        if value is not None and not abs(value) < MOST_NUMBER:
            sentence = f"{option} is {value:g}; give a number below {MOST_NUMBER:g}."
            raise Invalid(sentence)


def _moment(option: str, text: str, table: Table) -> float | None:
    """Return a moment in the unit of the table's times."""
    from headway.analysis.attainment.table import days_of

    if not text:
        return None
    try:
        return days_of(datetime.fromisoformat(text)) if table.dated else _finite(text)
    except ValueError:
        what = (
            "a day of 1900 to 2200 as 2026-11-30"
            if table.dated
            else "a number, as the runs' times are"
        )
        sentence = f"{option} is {text!r}; write {what}."
        raise Invalid(sentence) from None


def _finite(text: str) -> float:
    if not isfinite(number := float(text)):
        raise ValueError
    return number


def _print(found: Attainment, document: dict[str, object]) -> None:
    print_line(found.sentence)
    odds, band = document["p_reached_by"], document["band"]
    if isinstance(odds, dict) and isinstance(band, list):
        heads = ("by", "reached", "P10", "P50", "P90")
        print_table(
            f"Ahead, by {found.outlook.method}",
            heads,
            [
                [when, f"{share * 100:.0f} %", *(f"{one[key]:.4g}" for key in _BAND)]
                for (when, share), one in zip(odds.items(), band, strict=True)
            ],
            numbers=heads[1:],
        )
    tested = found.tested
    if tested is not None:
        word = "held" if tested.held else "did not hold"
        print_line(
            f"Without the last {tested.hidden} runs the band was {tested.low:.4g} to "
            f"{tested.high:.4g}; {tested.seen:.4g} was seen: it {word}."
        )
    notes = document["notes"]
    for note in notes if isinstance(notes, list) else ():
        say(f"Note: {note}")


_BAND = ("low", "middle", "high")
