"""`headway check fit`: does a model know its training rows and not the world?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.interfaces.cli.checks.options import one_column
from headway.interfaces.cli.checks.reports import write_reports
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.segments.fit import Fit
    from headway.analysis.segments.measured import Estimate

_LEVELS = {"good": "met", "over": "unmet", "under": "unmet"}


def fit(
    train: Annotated[str, typer.Option(help="The table of training rows", show_default=False)],
    test: Annotated[str, typer.Option(help="The table of test rows", show_default=False)],
    label: Annotated[str, typer.Option(help="The column of what happened", show_default=False)],
    score: Annotated[
        list[str] | None, typer.Option(help="The column of the score for the positive class")
    ] = None,
    prediction: Annotated[
        list[str] | None, typer.Option(help="The column of the class or number that was given")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="auc, f1, log_loss, …; by the columns if not said")
    ] = None,
    target: Annotated[float | None, typer.Option(help="What the test has to reach")] = None,
    max_gap: Annotated[
        float | None,
        typer.Option(help="How much worse the test may be (0.05, or a fifth of a loss)"),
    ] = None,
    ids: Annotated[
        str | None, typer.Option("--id", help="The column of ids; none may be in both tables")
    ] = None,
    time: Annotated[
        str | None, typer.Option(help="The column of time; the test has to come after training")
    ] = None,
    curve: Annotated[
        str | None, typer.Option(help="A learning curve: a table of size, train, test")
    ] = None,
    positive: Annotated[str | None, typer.Option(help="The positive value of the label")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="The score from which on the class is positive (0.5)")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Of each interval, two-sided")] = 0.95,
    separator: Annotated[str | None, typer.Option(help="Between the cells of a text file")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say whether a model overfits, underfits or fits well, and whether the test can be trusted.

    Exits 1 unless the fit is good, the target is met, and a learning curve agrees.

    Examples:

      headway check fit --train train.parquet --test test.parquet --label y --score p --target 0.8

      headway check fit --train a.csv --test b.csv --label price --prediction guess --json
    """
    from headway.analysis.segments.fit import FitQuestion
    from headway.analysis.segments.fit import fit as judged
    from headway.analysis.segments.task import Columns
    from headway.analysis.summaries import embedded, open_table

    columns = Columns(
        label,
        one_column("--score", score),
        one_column("--prediction", prediction),
        positive,
        threshold,
    )
    question = FitQuestion(columns, metric, target, max_gap, ids, time, confidence)
    with embedded() as engine:
        tables = [
            open_table(name, engine=engine, separator=separator)
            for name in (train, test, *([curve] if curve else []))
        ]
        answer = judged(tables[0], tables[1], question, *tables[2:])
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    _report(answer, f"{tables[0].name} and {tables[1].name}", html, junit)
    if not answer.is_good:
        raise typer.Exit(1)


def _print(answer: Fit) -> None:
    print_line(f"{answer.verdict}: {answer.sentence}")
    print_table(
        answer.metric,
        ("rows of", "n", "value", "from", "to"),
        [
            [name, *_cells(one)]
            for name, one in (
                ("training", answer.train),
                ("test", answer.test),
                ("gap", answer.gap),
            )
        ],
        numbers=("n", "value", "from", "to"),
    )
    for sentence in _sentences(answer):
        print_line(sentence)
    for note in answer.notes:
        say(f"Note: {note}")


def _cells(one: Estimate) -> list[str]:
    ends = ["n/a" if end is None else f"{end:.4g}" for end in (one.value, one.low, one.high)]
    return [f"{one.n:,}", *ends]


def _sentences(answer: Fit) -> list[str]:
    """Return what else was found: the target, the learning curve, leaks."""
    found = [f"Target: {answer.target.sentence}"] if answer.target else []
    if answer.curve:
        found.append(f"Learning curve ({answer.curve.verdict}): {answer.curve.sentence}")
    return found + [f"Leaks: {hint.sentence}" for hint in answer.hints]


def _report(answer: Fit, subject: str, html: Path | None, junit: Path | None) -> None:
    if html is None and junit is None:
        return
    from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

    word = _LEVELS.get(answer.verdict, "insufficient")
    cases = [Case("fit", answer.metric, word, answer.sentence)]
    if answer.target:
        cases.append(Case("fit", "target", answer.target.verdict.value, answer.target.sentence))
    if answer.curve:
        case = Case("fit", "learning curve", _LEVELS[answer.curve.verdict], answer.curve.sentence)
        cases.append(case)
    cases += [
        Case("leaks", one.kind, "unmet" if one.found and one.asked else "met", one.sentence)
        for one in answer.hints
    ]
    rows = (("training", answer.train), ("test", answer.test), ("gap", answer.gap))
    grid = Grid(
        "fit",
        answer.metric,
        ("Rows of", "n", "Value", "From", "To", "Interval"),
        tuple(
            (Cell(name), *(Cell(text) for text in _cells(one)), Cell(one.method))
            for name, one in rows
        ),
        "",
    )
    page = CheckPage(
        "Fit of a model",
        subject,
        answer.sentence,
        level_of(word),
        facts=(Fact("Verdict", answer.verdict, f"a gap of {answer.accepted:.3g} is accepted"),),
        grids=(grid,),
        notes=(*_sentences(answer), *answer.notes),
    )
    write_reports("headway check fit", page, cases, html, junit)
