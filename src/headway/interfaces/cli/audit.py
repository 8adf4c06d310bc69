"""`headway audit PATH`: how sound is a repository, by what is in it? Nothing of it is run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.checks.options import moment_or_now
from headway.interfaces.cli.output import print_json, print_line, print_table, say

if TYPE_CHECKING:
    from headway.analysis.repository import Audit, Finding, Rules

_BAD = 1


def audit(
    path: Annotated[
        Path, typer.Argument(help="A repository, a part of it, or a bare clone", show_default=False)
    ],
    rules: Annotated[
        Path | None, typer.Option(help="What is set aside and why, severities, limits: YAML.")
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Read the folder by itself, not the clone around it.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="A warning makes the answer bad, too.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Print one line for `headway evidence push`.")
    ] = False,
    project: Annotated[
        str, typer.Option(help="The project that the line of evidence belongs to.")
    ] = "",
    as_of: Annotated[
        str, typer.Option(help="The moment of the audit; reasons of rules hold until a day.")
    ] = "",
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML for CI.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say how sound a repository is: a verdict a check, with the file and line it rests on.

    Exit code 1 when a check whose severity is error is not met and not set aside by the rules.

    Examples:

      headway audit .

      headway audit . --evidence --project fraud > audit.jsonl
    """
    from headway.analysis.repository import audit as judged

    if evidence and as_json:
        sentence = "--evidence prints a line and --json a document; ask for one of them."
        raise Invalid(sentence)
    at = moment_or_now(as_of)
    answer = judged(path, at, _rules(rules), alone=alone)
    if html is not None or junit is not None:
        _write(answer, html, junit)
    if evidence:
        print_line(json.dumps(observation(answer, project, at), ensure_ascii=False))
    elif as_json:
        print_json({**answer.as_json(), **scores(answer)})
    else:
        _print(answer)
    if not answer.passed or (strict and any(_is_warned(one) for one in answer.findings)):
        raise typer.Exit(_BAD)


def _rules(path: Path | None) -> Rules | None:
    from headway.analysis.repository import parse_rules

    if path is None:
        return None
    try:
        return parse_rules(path.read_bytes(), path.name)
    except OSError as error:
        sentence = f"{path} can't be read: {error.strerror}. Name a file of rules."
        raise Invalid(sentence) from error


def _is_warned(finding: Finding) -> bool:
    return not finding.is_fine and finding.severity.value == "warning" and not finding.ignored


def recorded(answer: Audit) -> list[dict[str, Any]]:
    """Return the checks as a record holds them: one a check, the worst of several projects.

    A record knows no "insufficient": what too little could be read for is missing.
    """
    return [
        {
            "id": one.id,
            "verdict": "missing" if one.verdict.value == "insufficient" else one.verdict.value,
            "sentence": f"{one.project}: {one.sentence}" if one.project else one.sentence,
            "evidence": list(one.evidence),
        }
        for one in answer.worst()
    ]


def scores(answer: Audit) -> dict[str, Any]:
    """Return the levels of the maturity models and the ML Test Score that the audit shows."""
    from headway.domain.maturity.rules import from_audit, maturity_told, score_told

    found = from_audit(recorded(answer))
    return {"maturity": maturity_told(found), "ml_test_score": score_told(found)}


def observation(answer: Audit, project: str, at: datetime) -> Mapping[str, Any]:
    """Return the audit as a line of evidence."""
    from headway.analysis.repository import VERSION

    told = {
        "subject": f"repository:{answer.name}",
        "kind": "audit",
        "source": "headway-audit",
        "observed_at": at.isoformat(),
        "payload": {
            "commit": answer.commit,
            "checks": recorded(answer),
            "ml_test_score": scores(answer)["ml_test_score"]["final"],
            "version": VERSION,
        },
    }
    return {**told, "project": project} if project else told


def _write(answer: Audit, html: Path | None, junit: Path | None) -> None:
    from headway.interfaces.cli.audit_page import as_cases, as_page
    from headway.interfaces.cli.checks.reports import write_reports

    page = as_page(answer, scores(answer))
    write_reports(f"headway audit {answer.name}", page, as_cases(answer), html, junit)


def _print(answer: Audit) -> None:
    at = f" at {answer.commit[:12]}" if answer.commit else ""
    print_line(f"{answer.name}{at}: {answer.headline}")
    several = len(answer.projects) > 1
    open_ones = [one for one in answer.findings if not one.is_fine and not one.ignored]
    aside = [one for one in answer.findings if one.ignored]
    met = [one for one in answer.findings if one.verdict.value == "met"]
    headers = ("check", "verdict", "severity", "where", "what")
    print_table("Not met", headers, [_row(one, more) for one, more in _alike(open_ones, several)])
    rows = [(one.id, one.verdict.value, one.project or ".", one.ignored) for one in aside]
    print_table("Set aside by the rules", ("check", "verdict", "project", "reason"), rows)
    print_table(
        "Met",
        ("check", "where", "what"),
        [(one.id, _where(one), _sentence(one, more)) for one, more in _alike(met, several)],
    )
    apart = sorted({one.id for one in answer.findings if one.verdict.value == "not_applicable"})
    if apart:
        print_line(f"\nNot applicable: {', '.join(apart)}.")
    _print_scores(answer)
    for note in answer.notes:
        say(f"Note: {note}")


def _print_scores(answer: Audit) -> None:
    told = scores(answer)
    rows = [
        (model, column, str(one["level"]), one["next"]["name"] if one["next"] else "–")
        for model, found in told["maturity"].items()
        for column, one in found["columns"].items()
    ]
    print_table("Maturity, by the repository alone", ("model", "column", "level", "next"), rows)
    score = told["ml_test_score"]
    sections = ", ".join(f"{name} {value:g}" for name, value in score["sections"].items())
    print_line(f"\nML Test Score: {score['final']:g} ({score['band']}; {sections}).")


def _alike(findings: Sequence[Finding], several: bool) -> list[tuple[Finding, str]]:
    """Return one finding of each check and verdict, with where else it is so."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        found.setdefault((one.id, one.verdict.value), []).append(one)
    return [(some[0], _projects(some) if several else "") for some in found.values()]


def _projects(findings: Sequence[Finding]) -> str:
    first = findings[0].project or "the top"
    return f"{first} and {len(findings) - 1} more: " if len(findings) > 1 else f"{first}: "


def _row(one: Finding, where: str) -> tuple[str, ...]:
    return (one.id, one.verdict.value, one.severity.value, _where(one), _sentence(one, where))


def _sentence(one: Finding, where: str) -> str:
    return f"{where}{one.sentence}"


def _where(one: Finding) -> str:
    more = f" +{len(one.evidence) - 1}" if len(one.evidence) > 1 else ""
    return f"{one.evidence[0]}{more}" if one.evidence else "–"
