"""`headway check estimate`: how well a model may be doing while the labels are not there yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.reports import write_reports
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.drift.estimates import Estimates

_HEADERS = ("metric", "realised on the reference", "estimated", "low", "high", "bound", "verdict")


def estimate(
    reference: Annotated[str, typer.Option(help="Data with labels", show_default=False)],
    current: Annotated[str, typer.Option(help="Data without labels yet", show_default=False)],
    label: Annotated[str, typer.Option(help="The reference's column of what happened")],
    score: Annotated[
        str | None, typer.Option(help="The probability of the positive class, in both")
    ] = None,
    prediction: Annotated[
        str | None, typer.Option(help="The predicted number, in both, instead of a score")
    ] = None,
    positive: Annotated[str | None, typer.Option(help="The positive value of the label")] = None,
    threshold: Annotated[
        float, typer.Option(help="The score from which on the class is positive")
    ] = 0.5,
    max_loss: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=X", help="How much worse than the reference is allowed"),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bits.")] = 0,
    separator: Annotated[str | None, typer.Option(help="Between the cells of a text file")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Estimate a model's metrics on data whose labels are not there yet. No evidence: an estimate.

    Exits 1 if a bound is unmet, or can't be judged.

    Examples:

      headway check estimate --reference may.parquet --current june.parquet --label y --score p

      headway check estimate --reference a.csv --current b.csv --label y --score p --max-loss f1=0.1
    """
    from headway.analysis.drift.estimates import Asked
    from headway.analysis.drift.estimates import estimate as estimated
    from headway.analysis.summaries import embedded, open_table

    asked = Asked(label, score, prediction, positive, threshold, _allowed(max_loss or ()), seed)
    with embedded() as engine:
        before, now = (
            open_table(where, engine=engine, separator=separator) for where in (reference, current)
        )
        answer = estimated(before, now, asked)
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    _report(answer, f"{Path(current).name} by {Path(reference).name}", html, junit)
    if answer.verdict in ("unmet", "insufficient"):
        raise typer.Exit(1)


def _allowed(options: Sequence[str]) -> dict[str, float]:
    found = {}
    for option in options:
        name, _, told = option.partition("=")
        try:
            found[name] = float(told)
        except ValueError:
            sentence = f"--max-loss {option!r} is no METRIC=NUMBER, as in auc=0.05."
            raise Invalid(sentence) from None
        if not 0 <= found[name] < float("inf"):
            sentence = f"--max-loss {option!r}: the loss allowed has to be 0 or more."
            raise Invalid(sentence)
    return found


def _rows(answer: Estimates) -> list[list[str]]:
    return [
        [
            one.name,
            *(
                _said(value)
                for value in (one.realised, one.estimated, one.low, one.high, one.bound)
            ),
            one.verdict,
        ]
        for one in answer.metrics
    ]


def _said(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4g}"


def _print(answer: Estimates) -> None:
    print_line(answer.sentence)
    print_table("Estimated, not realised", _HEADERS, _rows(answer), numbers=_HEADERS[1:-1])
    for note in answer.notes:
        say(f"Note: {note}")


def _report(answer: Estimates, subject: str, html: Path | None, junit: Path | None) -> None:
    if html is None and junit is None:
        return
    from headway.rendering.checks import Case, Cell, CheckPage, Grid, level_of

    rows = tuple(
        (*(Cell(text) for text in cells), Cell(verdict, level=level_of(verdict)))
        for *cells, verdict in _rows(answer)
    )
    page = CheckPage(
        title="Estimated performance",
        subject=subject,
        answer=answer.sentence,
        level=level_of(answer.verdict),
        grids=(Grid("verdicts", "Estimated, not realised", _HEADERS, rows, "No metric."),),
        notes=answer.notes,
    )
    cases = [Case("estimate", one.name, one.verdict, answer.sentence) for one in answer.metrics]
    write_reports("estimate", page, cases, html, junit)
