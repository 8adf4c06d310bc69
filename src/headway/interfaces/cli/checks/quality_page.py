"""The answer of `headway check quality` as one HTML page, and as test cases for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of

if TYPE_CHECKING:
    from headway.analysis.quality import Answer, Check

_METHOD = (
    ("footer", "told by the file's footer, without reading a value"),
    ("aggregate", "counted by one question over the whole table"),
    ("query", "a question of its own: keys, order, references, segments"),
    ("schema", "told by the names and types of the columns"),
)


def as_page(answer: Answer) -> CheckPage:
    """Return the report: what is not met first, then rows that show it, then what is met."""
    unmet = [one for one in answer.checks if one.verdict.value != "met"]
    met = [one for one in answer.checks if one.verdict.value == "met"]
    used = {one.source for one in answer.checks}
    return CheckPage(
        title="Data quality",
        subject=answer.data,
        answer=f"{answer.headline[0].upper()}{answer.headline[1:]}.",
        level="bad" if not answer.passed else "at_risk" if answer.warnings else "good",
        facts=(
            Fact("Rows", f"{answer.rows:,}", ""),
            Fact("Columns", f"{answer.columns:,}", ""),
            Fact("Checks", f"{len(answer.checks):,}", f"{len(met):,} met"),
        ),
        grids=(
            _verdicts("broken", "Not met", unmet, "Every check is met."),
            *(_examples(one) for one in unmet if one.examples),
            _verdicts("met", "Met", met, "No check is met."),
        ),
        notes=answer.notes,
        method=tuple(pair for pair in _METHOD if pair[0] in used),
        footer=(("Rules", answer.rules), ("Checked", f"{answer.at:%Y-%m-%d %H:%M} UTC")),
    )


def _verdicts(key: str, title: str, checks: list[Check], empty: str) -> Grid:
    rows = tuple(
        (
            Cell(one.name),
            Cell(one.verdict.value, level=level_of(one.verdict.value)),
            Cell(one.severity.value),
            Cell(one.sentence),
            Cell(one.source),
        )
        for one in checks
    )
    return Grid(key, title, ("Check", "Verdict", "Severity", "What", "Found by"), rows, empty)


def _examples(check: Check) -> Grid:
    shown = check.shown
    heads = tuple(dict.fromkeys(name for row in shown for name in row))
    rows = tuple(
        tuple(Cell("null" if row.get(head) is None else str(row[head])) for head in heads)
        for row in shown
    )
    return Grid(f"rows-{check.name}", f"{check.name}: for example", heads, rows, "None.")


def as_cases(answer: Answer) -> list[Case]:
    """Return a test case a check; a broken warning is met there, with its sentence."""
    return [
        Case(
            one.column or "table",
            one.name,
            "met" if one in answer.warnings else one.verdict.value,
            f"Warning: {one.sentence}" if one in answer.warnings else one.sentence,
        )
        for one in answer.checks
    ]
