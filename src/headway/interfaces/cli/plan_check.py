"""`headway plan check`: how sound a plan file is, before it is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.plan_files import beside, moment_option, plan_contents

if TYPE_CHECKING:
    from headway.analysis.schedule.quality import PlanCheck

_BAD = 1


def check(
    plan: Annotated[Path, typer.Argument(help="A plan file", show_default=False)],
    as_of: Annotated[str, typer.Option(help="The status date; default: none.")] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Any warning makes the answer bad (exit 1).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say how sound a plan is before it is simulated: a score of 100, and what costs points.

    Exit code 1 when the score is under 60 or an item has no estimate; with --strict also when
    there is any warning.

    Examples:

      headway plan check plan.yaml

      headway plan check plan.yaml --strict --json
    """
    from headway.analysis.schedule.quality import Severity, check_plan
    from headway.analysis.schedule.readers import parse_plan
    from headway.analysis.schedule.soundness import summary

    read, found = parse_plan(plan_contents(plan), plan.name, beside(plan))
    if found:
        raise Invalid(summary(plan.name, found), found)
    answer = check_plan(read, moment_option("--as-of", as_of, read))
    if as_json:
        print_json({"plan": read.name, "items": len(read.items), **answer.as_json()})
    else:
        _print(read.name, answer)
    if not answer.is_fit or (strict and answer.has(Severity.WARNING)):
        raise typer.Exit(_BAD)


def _print(name: str, answer: PlanCheck) -> None:
    fit = "fit to be forecast" if answer.is_fit else "not fit to be forecast"
    print_line(f"{name}: {answer.score} of 100, {fit}")
    print_table(
        "What was found",
        ("rule", "severity", "points", "what"),
        [
            [one.rule, one.severity.value, f"−{one.points:.1f}", one.sentence]
            for one in answer.findings
        ],
        numbers=("points",),
    )
    print_line(f"Rules kept: {', '.join(answer.passed) or 'none'}.")
    if answer.not_judged:
        print_line(f"Nothing to judge by: {', '.join(answer.not_judged)}.")
