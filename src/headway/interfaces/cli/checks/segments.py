"""`headway check segments DATA`: how does a model do by segment?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.options import columns_of, one_column
from headway.interfaces.cli.checks.reports import write_reports
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.segments.answer import Answer, Segment

#: Rows of the table on a terminal; the JSON document holds every one.
TOLD = 40


def segments(
    data: Annotated[
        str, typer.Argument(help="Parquet, CSV, Arrow, or file.duckdb#table", show_default=False)
    ],
    label: Annotated[str, typer.Option(help="The column of what happened", show_default=False)],
    score: Annotated[
        list[str] | None, typer.Option(help="The column of the score for the positive class")
    ] = None,
    prediction: Annotated[
        list[str] | None, typer.Option(help="The column of the class or number that was given")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="A column to divide by; may be repeated, or a,b,c")
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Also cross each two of these columns")
    ] = False,
    positive: Annotated[str | None, typer.Option(help="The positive value of the label")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="The score from which on the class is positive (0.5)")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="What gaps and order are about (auc, f1_macro, f1 or rmse)")
    ] = None,
    min_size: Annotated[int, typer.Option(help="The fewest rows that judge a segment")] = 30,
    floor: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=X", help="A bound for each segment; may be repeated"),
    ] = None,
    max_gap: Annotated[
        float | None, typer.Option(help="How much worse than all rows a segment may be")
    ] = None,
    allow_small: Annotated[
        bool,
        typer.Option("--allow-small", help="Segments too small to judge do not spoil the answer"),
    ] = False,
    four_fifths: Annotated[
        bool, typer.Option("--four-fifths", help="Judge the ratio of selection rates too")
    ] = False,
    method: Annotated[
        str, typer.Option(help="exact, bracket, or auto: exact up to 5 million rows")
    ] = "auto",
    bins: Annotated[int, typer.Option(help="Quantile bins of a column of numbers")] = 4,
    confidence: Annotated[float, typer.Option(help="Of each interval, two-sided")] = 0.95,
    separator: Annotated[str | None, typer.Option(help="Between the cells of a text file")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Tell every metric by segment with n and interval, the weakest first.

    Exits 1 if a segment is unmet, or too small to judge where a bound was asked for.

    Examples:

      headway check segments scored.parquet --label churned --score p --by region --by plan --pairs

      headway check segments scored.csv --label y --score p --by region --floor auc=0.75 --json
    """
    from headway.analysis.segments.segments import Question
    from headway.analysis.segments.segments import segments as judged
    from headway.analysis.segments.task import Columns
    from headway.analysis.summaries import open_table

    columns = Columns(
        label,
        one_column("--score", score),
        one_column("--prediction", prediction),
        positive,
        threshold,
    )
    floors = floors_of(floor or ())
    table = open_table(data, separator=separator)
    answer = judged(
        table,
        Question(
            columns,
            columns_of(table, by or ()),
            pairs,
            metric,
            floors,
            max_gap,
            min_size,
            bins,
            confidence,
            allow_small=allow_small,
            four_fifths=four_fifths,
            method=method,
        ),
    )
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    if html or junit:
        from headway.interfaces.cli.checks.segments_page import cases_of, page_of

        write_reports("headway check segments", page_of(answer), cases_of(answer), html, junit)
    if not answer.is_good:
        raise typer.Exit(1)


def floors_of(texts: Sequence[str]) -> Mapping[str, float]:
    """Return bounds by metric from METRIC=X. Raises Invalid for another form, or a metric twice."""
    found: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            bound = float(number)
        except ValueError:
            bound = float("nan")
        if bound != bound or abs(bound) == float("inf"):
            sentence = f"--floor {text}: write METRIC=X with a number, as in auc=0.75."
            raise Invalid(sentence)
        if name.strip() in found:
            sentence = f"--floor names {name.strip()} twice. Give each metric one bound."
            raise Invalid(sentence)
        found[name.strip()] = bound
    return found


def _print(answer: Answer) -> None:
    print_line(f"{answer.verdict.value.replace('_', ' ')}: {answer.sentence}")
    names = _names(answer)
    print_table(
        "By segment, the weakest first",
        ("segment", "n", *names, "gap", "verdict"),
        [_row(one, names) for one in (answer.overall, *answer.segments[:TOLD])],
        numbers=("n", *names, "gap"),
    )
    if len(answer.segments) > TOLD:
        say(f"{len(answer.segments) - TOLD:,} more segments stand in --json.")
    _print_fairness(answer)
    for note in answer.notes:
        say(f"Note: {note}")


def _print_fairness(answer: Answer) -> None:
    for one in answer.fairness:
        print_table(
            f"Gaps between the groups of {one.by}",
            ("rate", "gap", "highest", "lowest"),
            [
                [
                    rate.replace("_", " "),
                    _reach(gap.value, gap.low, gap.high),
                    gap.highest,
                    gap.lowest,
                ]
                for rate, gap in one.gaps.items()
                if gap.value is not None
            ],
        )
        print_line(f"Four fifths: {one.four_fifths.sentence}")


def _reach(value: float | None, low: float | None, high: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f} ({low:.3f} to {high:.3f})"


def _names(answer: Answer) -> list[str]:
    """Return the metrics of a table: the main one first."""
    told = [name for name in answer.overall.metrics if name != answer.metric]
    return [answer.metric, *told][:6]


def _row(one: Segment, names: Sequence[str]) -> list[str]:
    main = one.metrics[names[0]]
    interval = "" if main.low is None else f" ({main.low:.3f} to {main.high:.3f})"
    cells = [_number(one.value(name)) for name in names]
    cells[0] += interval
    gap = "" if one.gap is None else _number(one.gap.value)
    return [one.name or "all rows", f"{one.n:,}", *cells, gap, one.verdict.value]


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4g}"
