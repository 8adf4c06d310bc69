"""`headway readout plan FILE`: is a trial plan sound, and what is its digest?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.place import read_file

_BAD = 1


def plan(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A trial plan, YAML", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what is wrong with a trial plan before it starts. An error in it exits 1.

    Examples:

      headway readout plan trial.yaml

      headway readout plan trial.yaml --json
    """
    from headway.analysis.trials.lint import Severity, lint
    from headway.analysis.trials.plan import metric_text
    from headway.analysis.trials.plan_fields import read_trial_plan

    read = read_trial_plan(read_file(file), file.name)
    found = lint(read)
    errors = [one for one in found if one.severity is Severity.ERROR]
    if as_json:
        print_json({"plan": read.as_json(), "findings": [one.as_json() for one in found]})
    else:
        sound = "it should not start as it is" if errors else "it can decide as it says"
        print_line(f"{file.name}: {sound}. {read.digest}")
        if read.hypothesis:
            print_line(read.hypothesis)
        print_line(f"Metrics: {', '.join(metric_text(one) for one in read.metrics)}.")
        print_table(
            "What was found",
            ("rule", "severity", "what"),
            [[one.rule, one.severity.value, one.sentence] for one in found],
        )
    if errors:
        raise typer.Exit(_BAD)
