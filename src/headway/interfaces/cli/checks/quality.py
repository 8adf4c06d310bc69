"""`headway check quality DATA`: is a table as its rules say?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.options import moment_or_now
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.quality import Answer
    from headway.analysis.summaries import Table

_BAD = 1


def quality(
    data: Annotated[
        str, typer.Argument(help="Parquet, CSV, Arrow, or FILE.duckdb#TABLE", show_default=False)
    ],
    rules: Annotated[Path | None, typer.Option(help="The rules, as YAML.")] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Write rules that this table keeps, to be reviewed.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier answer (JSON) or table, to compare rows with.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="The moment that ages are measured against.")] = "",
    separator: Annotated[str, typer.Option(help="What stands between the cells of a CSV.")] = "",
    examples: Annotated[
        int, typer.Option(min=0, max=100, help="Rows shown of a broken rule; 0 shows none.")
    ] = 5,
    strict: Annotated[
        bool, typer.Option("--strict", help="A warning makes the answer bad, too.")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Hold a table against its rules: a verdict a rule, with its number and a sentence.

    Exit code 1 when a rule is broken, could not run, or is about a column that is lacking.

    Examples:

      headway check quality orders.parquet --rules orders.yaml

      headway check quality orders.parquet --propose > orders.yaml
    """
    from headway.analysis.quality import check, read_baseline, read_rules
    from headway.analysis.summaries import open_table

    if propose == (rules is not None):
        sentence = "Give either --rules FILE, to check, or --propose, to have rules proposed."
        raise Invalid(sentence)
    table = open_table(data, separator=separator or None)
    if rules is None:
        _propose(table, as_json=as_json)
        return
    answer = check(
        table,
        read_rules(rules),
        at=moment_or_now(as_of),
        baseline=None if baseline is None else read_baseline(baseline),
        beside=lambda name: _beside(rules, name, table),
        examples=examples,
    )
    if html is not None or junit is not None:
        _write(answer, html, junit)
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    if not answer.passed or (strict and answer.warnings):
        raise typer.Exit(_BAD)


def _propose(table: Table, *, as_json: bool) -> None:
    from headway.analysis.quality import propose_rules

    text = propose_rules(table)
    if as_json:
        print_json({"data": table.name, "rules": text})
    else:
        print_line(text.rstrip())
        say("Review each rule before it is used: they are what this one table kept.")


def _beside(rules: Path, name: str, table: Table) -> Table:
    """Open a file that a rule names: it lies in the folder of the rules, or below."""
    from headway.analysis.summaries import open_table

    folder = rules.resolve().parent
    wanted = (folder / name.partition("#")[0]).resolve()
    if not wanted.is_relative_to(folder):
        sentence = f"{name!r} lies outside the folder of {rules.name}; put it beside the rules."
        raise Invalid(sentence)
    return open_table(folder / name, engine=table.engine)


def _write(answer: Answer, html: Path | None, junit: Path | None) -> None:
    from headway.interfaces.cli.checks.quality_page import as_cases, as_page
    from headway.interfaces.cli.checks.reports import write_reports

    suite = f"headway check quality {answer.data}"
    write_reports(suite, as_page(answer), as_cases(answer), html, junit)


def _print(answer: Answer) -> None:
    print_line(f"{answer.data}: {answer.headline}")
    judged = [one for one in answer.checks if one.verdict.value != "met"]
    print_table(
        "Not met",
        ("check", "verdict", "severity", "what"),
        [[one.name, one.verdict.value, one.severity.value, one.sentence] for one in judged],
    )
    for one in judged:
        rows = [[f"{name} {value}" for name, value in row.items()] for row in one.shown]
        if rows:
            print_line(f"\n{one.name}, for example")
            for row in rows:
                print_line(f"  {', '.join(row)}")
    met = [one for one in answer.checks if one.verdict.value == "met"]
    print_table("Met", ("check", "what"), [[one.name, one.sentence] for one in met])
    for note in answer.notes:
        say(f"Note: {note}")
