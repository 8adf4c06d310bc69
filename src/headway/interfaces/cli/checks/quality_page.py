"""The answer of `headway check quality` as one HTML page, and as test cases for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.rendering.charts import BrokenRule, Chart, Frame, broken_rules
from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of
from headway.rendering.report.onepager import Level

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
            _verdicts("met", "Met", met, "No check is met."),
        ),
        charts=_pictures(unmet),
        notes=answer.notes,
        method=tuple(pair for pair in _METHOD if pair[0] in used),
        footer=(("Rules", answer.rules), ("Checked", f"{answer.at:%Y-%m-%d %H:%M} UTC")),
    )


def _verdicts(key: str, title: str, checks: list[Check], empty: str) -> Grid:
    rows = tuple(
        (
            Cell(one.name),
            Cell(one.verdict.value, level=_level(one)),
            Cell(one.severity.value),
            Cell(one.sentence, note=_examples(one)),
            Cell(one.source),
        )
        for one in checks
    )
    return Grid(key, title, ("Check", "Verdict", "Severity", "What", "Found by"), rows, empty)


def _level(check: Check) -> Level:
    if check.verdict.value == "unmet" and not check.is_bad:
        return "at_risk"
    return level_of(check.verdict.value)


def _examples(check: Check) -> str:
    """Return the rows that show it, in a line: id 2, age 130; id 7, age 140."""
    rows = [
        ", ".join(f"{name} {'null' if value is None else value}" for name, value in row.items())
        for row in check.shown
    ]
    return f"For example: {'; '.join(rows)}." if rows and check.verdict.value == "unmet" else ""


def _pictures(checks: list[Check]) -> tuple[Chart, ...]:
    broken = [
        BrokenRule(
            one.name,
            one.rows_bad,
            one.checked,
            one.allow or (one.bound if isinstance(one.bound, float) else 0.0),
            one.severity.value == "warning",
        )
        for one in checks
        if one.verdict.value == "unmet" and one.rows_bad and one.checked
    ]
    return (broken_rules(broken, Frame(width=760)),) if broken else ()


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
