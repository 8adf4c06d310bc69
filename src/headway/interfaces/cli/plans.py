"""`headway import`: a plan file becomes work items of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import here, read_file


def import_file(
    file: Annotated[Path, typer.Argument(help="Plan file: YAML or CSV")],
    project: Annotated[str, typer.Option(help="Project; default: one named as the plan")] = "",
    dry_run: Annotated[bool, typer.Option(help="Show what would happen, change nothing")] = False,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Read a plan file into a project. A second import of the same file changes nothing.

    Examples:

      headway import plan.yaml --dry-run

      headway import plan.csv --project fraud --json
    """
    data = read_file(file)
    place = here(workspace, as_email)
    from headway.domain.plans.actions import import_plan

    result = import_plan(place.actor, data, file.name, place.now, project=project, dry_run=dry_run)
    if as_json:
        print_json(result.as_json())
        return
    would = "would be " if dry_run else ""
    print_line(
        f"{result.project}: {result.read} items read, {result.created} {would}created, "
        f"{result.updated} {would}updated, {result.unchanged} unchanged."
    )
    for row in result.skipped:
        say(f"skipped{f', line {row.line}' if row.line else ''}: {row.reason}")
