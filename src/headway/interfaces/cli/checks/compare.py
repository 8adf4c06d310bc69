"""`headway check compare DATA`: is the second version of a model better on the same rows?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.reports import write_reports
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.segments.comparing import Comparison

_LEVELS = {"better": "met", "worse": "unmet"}


def compare(
    data: Annotated[
        str, typer.Argument(help="Parquet, CSV, Arrow, or file.duckdb#table", show_default=False)
    ],
    label: Annotated[str, typer.Option(help="The column of what happened", show_default=False)],
    score: Annotated[
        list[str] | None, typer.Option(help="The score of a version; give two, the new one second")
    ] = None,
    prediction: Annotated[
        list[str] | None, typer.Option(help="Or the class or number that each version gave; two")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="auc, f1, log_loss, …; by the columns if not said")
    ] = None,
    margin: Annotated[
        float | None, typer.Option(help="How much worse the second may be and still pass")
    ] = None,
    positive: Annotated[str | None, typer.Option(help="The positive value of the label")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="The score from which on the class is positive (0.5)")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bits")] = 0,
    confidence: Annotated[float, typer.Option(help="Of each interval, two-sided")] = 0.95,
    separator: Annotated[str | None, typer.Option(help="Between the cells of a text file")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say whether the second version is better than the first, by rows that both answered.

    Exits 1 unless it is shown to be better or, with --margin, not worse by more than that.

    Examples:

      headway check compare scored.parquet --label y --score p_old --score p_new

      headway check compare scored.csv --label y --prediction a --prediction b --margin 0.01 --json
    """
    from headway.analysis.segments.comparing import CompareQuestion
    from headway.analysis.segments.comparing import compare as compared
    from headway.analysis.summaries import open_table

    first, second = _two(score or (), prediction or ())
    question = CompareQuestion(
        label,
        first,
        second,
        bool(score),
        metric,
        margin,
        positive,
        threshold,
        seed,
        confidence=confidence,
    )
    table = open_table(data, separator=separator)
    answer = compared(table, question)
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    _report(answer, table.name, html, junit)
    if not answer.is_good:
        raise typer.Exit(1)


def _two(scores: Sequence[str], predictions: Sequence[str]) -> tuple[str, str]:
    """Return the columns of the two versions. Raises Invalid for another number of them."""
    if (len(scores), len(predictions)) not in ((2, 0), (0, 2)):
        sentence = (
            f"{len(scores)} scores and {len(predictions)} predictions are named. Name two of one "
            "kind: --score OLD --score NEW, or --prediction OLD --prediction NEW."
        )
        raise Invalid(sentence)
    first, second = scores or predictions
    return first, second


def _print(answer: Comparison) -> None:
    print_line(f"{answer.verdict}: {answer.sentence}")
    first, second = answer.question.first, answer.question.second
    numbers = (first, second, "difference", "from", "to")
    print_table("By metric", ("metric", *numbers), _rows(answer), numbers=numbers)
    print_line(_split(answer))
    for note in answer.notes:
        say(f"Note: {note}")


def _rows(answer: Comparison) -> list[list[str]]:
    rows = []
    for name, found in answer.differences.items():
        values = [side[name].value for side in answer.sides]
        numbers = [*values, found.value, found.low, found.high]
        rows.append([name, *("n/a" if one is None else f"{one:.4g}" for one in numbers)])
    return rows


def _split(answer: Comparison) -> str:
    """Return what McNemar's test says, where there are classes."""
    split = answer.discordant
    if split is None:
        return f"{answer.n:,} rows have both answers."
    return (
        f"Only {answer.question.first} is right on {split.only_first:,} rows, only "
        f"{answer.question.second} on {split.only_second:,}: McNemar exact p {split.exact_p:.3g}, "
        f"mid-p {split.mid_p:.3g}."
    )


def _report(answer: Comparison, subject: str, html: Path | None, junit: Path | None) -> None:
    if html is None and junit is None:
        return
    from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

    word = "met" if answer.is_good else _LEVELS.get(answer.verdict, "insufficient")
    grid = Grid(
        "metrics",
        "By metric",
        ("Metric", answer.question.first, answer.question.second, "Difference", "From", "To"),
        tuple(tuple(Cell(text) for text in row) for row in _rows(answer)),
        "No metric can be told of both.",
    )
    page = CheckPage(
        "Two versions of a model",
        subject,
        answer.sentence,
        level_of(word),
        facts=(
            Fact("Verdict", answer.verdict, ""),
            Fact("Rows", f"{answer.n:,}", f"of {answer.rows:,} have both answers"),
        ),
        grids=(grid,),
        notes=(_split(answer), *answer.notes),
        method=tuple(dict.fromkeys((name, one.method) for name, one in answer.differences.items())),
    )
    cases = [Case("compare", answer.metric, word, answer.sentence)]
    write_reports("headway check compare", page, cases, html, junit)
