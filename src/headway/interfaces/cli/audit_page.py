"""The audit of a repository as one HTML page, and as test cases for CI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from headway.rendering.checks import Case, Cell, CheckPage, Fact, Grid, level_of
from headway.rendering.report.onepager import Level

if TYPE_CHECKING:
    from headway.analysis.repository import Audit, Finding

_METHOD = (
    ("Nothing is run", "files are read as text, code is parsed, no program of it is started"),
    ("Not applicable", "the repository gives no cause for the question: no failure, no success"),
)


def as_page(answer: Audit, scores: dict[str, Any]) -> CheckPage:
    """Return the report: what is not met first, each with its places, then what is met."""
    open_ones = [one for one in answer.findings if not one.is_fine]
    met = [one for one in answer.findings if one.verdict.value == "met"]
    apart = [one for one in answer.findings if one.verdict.value == "not_applicable"]
    score = scores["ml_test_score"]
    return CheckPage(
        title="Repository audit",
        subject=answer.name,
        answer=f"{answer.headline[0].upper()}{answer.headline[1:]}.",
        level="bad" if not answer.passed else "at_risk" if open_ones else "good",
        facts=(
            Fact("Checks met", f"{len(met)}", f"of {len(met) + len(open_ones)}"),
            Fact("Files", f"{answer.files:,}", ""),
            Fact("Projects", f"{max(len(answer.projects), 1)}", ""),
            Fact("ML Test Score", f"{score['final']:g}", str(score["band"])),
        ),
        grids=(
            _grid("open", "Not met", open_ones, "Every check is met."),
            _grid("met", "Met", met, "No check is met."),
            _grid("apart", "Not applicable", apart, "Every check applies."),
            _levels(scores["maturity"]),
        ),
        notes=answer.notes,
        method=_METHOD,
        footer=(
            ("Commit", answer.commit or "not known"),
            ("Audited", f"{answer.at:%Y-%m-%d %H:%M} UTC"),
        ),
    )


def _grid(key: str, title: str, findings: Sequence[Finding], empty: str) -> Grid:
    rows = tuple(
        (
            Cell(one.id, note=one.asked.question),
            Cell(one.verdict.value, level=_level(one)),
            Cell(one.severity.value),
            Cell(one.sentence, note=f"Set aside: {one.ignored}" if one.ignored else ""),
            Cell(", ".join(one.evidence[:5]) or "–"),
        )
        for one in findings
    )
    return Grid(key, title, ("Check", "Verdict", "Severity", "What", "Where"), rows, empty)


def _level(one: Finding) -> Level:
    """Return the level of a verdict: what does not make the answer bad is at risk, not bad."""
    if not one.is_fine and not one.is_bad:
        return "at_risk"
    return level_of(one.verdict.value)


def _levels(maturity: dict[str, Any]) -> Grid:
    rows = tuple(
        (
            Cell(model),
            Cell(column),
            Cell(str(one["level"])),
            Cell(one["next"]["name"] if one["next"] else "–"),
        )
        for model, told in maturity.items()
        for column, one in told["columns"].items()
    )
    headers = ("Model", "Column", "Level", "Cheapest next")
    return Grid("maturity", "Maturity, by the repository alone", headers, rows, "No model.")


def as_cases(answer: Audit) -> list[Case]:
    """Return a test case a check; what is no error, or set aside, is skipped with its reason."""
    return [Case(one.project or answer.name, one.id, *_told(one)) for one in answer.findings]


def _told(one: Finding) -> tuple[str, str]:
    where = f" ({', '.join(one.evidence[:3])})" if one.evidence else ""
    if one.is_fine or one.is_bad:
        verdict = "missing" if one.verdict.value == "insufficient" else one.verdict.value
        return verdict, f"{one.sentence}{where}"
    why = f"Set aside: {one.ignored}" if one.ignored else one.severity.value.capitalize()
    return "insufficient", f"{why}. {one.verdict.value}: {one.sentence}{where}"
