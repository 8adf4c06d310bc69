"""`headway check drift`: has data drifted from its reference?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.reports import write_reports
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.drift import Drift, Rules
    from headway.analysis.summaries import Engine, Table


def drift(
    reference: Annotated[
        str | None, typer.Option(help="Parquet, CSV, Arrow or file.duckdb#table to compare with")
    ] = None,
    current: Annotated[str | None, typer.Option(help="The data that may have drifted")] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Compare with this stored baseline instead of a table")
    ] = None,
    save_baseline: Annotated[
        Path | None,
        typer.Option(help="Store the reference's profile; with --baseline, that and current added"),
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option(help="Only these; may be repeated, or a,b,c")
    ] = None,
    by: Annotated[str, typer.Option(help="Compare each value of this column too")] = "",
    exact: Annotated[
        bool, typer.Option("--exact", help="Ask again until KS and Wasserstein are exact")
    ] = False,
    q: Annotated[float, typer.Option(help="The false discovery rate")] = 0.01,
    min_effect: Annotated[
        float | None, typer.Option(help="From when on a distance matters (KS 0.02, JS 0.015)")
    ] = None,
    separator: Annotated[str | None, typer.Option(help="Between the cells of a text file")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare data with its reference, column by column: how far, and may chance explain it?

    Exits 1 if a column drifted or is gone.

    Examples:

      headway check drift --reference train.parquet --current july.parquet

      headway check drift --reference train.parquet --save-baseline train.baseline.json

      headway check drift --baseline train.baseline.json --current july.parquet --json
    """
    from headway.analysis.drift.rules import Rules
    from headway.analysis.summaries import embedded

    _checked(reference, current, baseline, save_baseline)
    _checked_exact(exact, baseline)
    names = _names(columns)
    rules = Rules(q=q) if min_effect is None else Rules(q=q, ks=min_effect, js=min_effect)
    with embedded() as engine:
        opened = _Tables(engine, separator)
        if current is None:
            _save(opened, str(reference), names, save_baseline)
            return
        if baseline is not None:
            answer = _with_baseline(opened, baseline, current, names, rules, save_baseline)
        else:
            answer = _with_reference(opened, str(reference), current, names, rules, exact, by)
            if save_baseline is not None:
                _save(opened, str(reference), names, save_baseline)
    if as_json:
        from headway.analysis.drift.document import as_json as document

        print_json(document(answer))
    else:
        _print(answer)
    _report(answer, html, junit)
    if answer.drifted:
        raise typer.Exit(1)


def _checked(
    reference: str | None, current: str | None, baseline: Path | None, save: Path | None
) -> None:
    """Refuse a question that names too little or two references."""
    if (reference is None) == (baseline is None):
        sentence = "Name what to compare with: either --reference TABLE or --baseline FILE."
        raise Invalid(sentence)
    if current is None and (save is None or reference is None):
        sentence = "Name the data with --current, or store a reference with --save-baseline FILE."
        raise Invalid(sentence)


def _checked_exact(exact: bool, baseline: Path | None) -> None:
    """Refuse to refine what is stored: its values are not there to be asked again."""
    if exact and baseline is not None:
        sentence = (
            "--exact asks the reference again, which a stored baseline cannot answer; name its "
            "table with --reference."
        )
        raise Invalid(sentence)


def _names(columns: Sequence[str] | None) -> list[str] | None:
    """Return the columns that options name: one each, or several with commas between."""
    named = [name.strip() for option in columns or () for name in option.split(",")]
    return [name for name in named if name] or None


class _Tables:
    """Tables opened by name, on one engine."""

    def __init__(self, engine: Engine, separator: str | None) -> None:
        self._engine, self._separator = engine, separator

    def open(self, where: str) -> Table:
        from headway.analysis.summaries import open_table

        return open_table(where, engine=self._engine, separator=self._separator)


def _save(opened: _Tables, where: str, names: list[str] | None, file: Path | None) -> None:
    from headway.analysis.drift.baselines import Baseline, Part, digest_of
    from headway.analysis.summaries.profiles import profile

    assert file is not None
    table = opened.open(where)
    found = profile(table, names)
    part = Part(table.name, found.rows, digest_of(Path(where.partition("#")[0])))
    _write(file, Baseline(found, (part,)).dumps())


def _with_baseline(
    opened: _Tables,
    file: Path,
    where: str,
    names: list[str] | None,
    rules: Rules,
    save: Path | None,
) -> Drift:
    from headway.analysis.drift import compare_with
    from headway.analysis.drift.baselines import Baseline, Part, digest_of, read_baseline

    stored = read_baseline(file)
    table = opened.open(where)
    answer, found = compare_with(stored.profile, table, names, rules)
    if save is not None:
        part = Part(table.name, found.rows, digest_of(Path(where.partition("#")[0])))
        _write(save, (stored + Baseline(found, (part,))).dumps())
    return answer


def _with_reference(
    opened: _Tables,
    reference: str,
    current: str,
    names: list[str] | None,
    rules: Rules,
    exact: bool,
    by: str,
) -> Drift:
    from headway.analysis.drift import compare_tables

    tables = opened.open(reference), opened.open(current)
    return compare_tables(*tables, names, rules, exact=exact, by=by)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        sentence = (
            f"{file} can't be written: {error.strerror}. Name a file in a folder that is there."
        )
        raise Invalid(sentence) from error
    say(f"Written: {file}")


def _print(answer: Drift) -> None:
    from headway.interfaces.cli.checks.drift_text import HEADERS, row_of, told_first

    print_line(answer.sentence())
    print_table(
        f"{answer.current} against {answer.reference}",
        HEADERS,
        [row_of(one) for one in told_first(answer.columns.values())],
        numbers=HEADERS[2:-1],
    )
    for name, part in answer.segments.items():
        drifted = [one for one in told_first(part.values()) if one.drifted]
        print_table(
            f"{answer.by} {name}", HEADERS, [row_of(one) for one in drifted], numbers=HEADERS[2:-1]
        )
    for one in told_first(answer.columns.values()):
        if one.verdict != "met":
            say(one.sentence)
    for note in answer.notes:
        say(f"Note: {note}")


def _report(answer: Drift, html: Path | None, junit: Path | None) -> None:
    if html is None and junit is None:
        return
    from headway.interfaces.cli.checks.drift_text import cases_of, page_of

    write_reports("drift", page_of(answer), cases_of(answer), html, junit)
