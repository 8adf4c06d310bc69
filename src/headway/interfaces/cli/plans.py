"""`headway import`: a plan file becomes work items of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import here, read_file
from headway.interfaces.cli.server import Ask, call, speaks_to_server


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
    is_there = speaks_to_server(workspace, as_email)
    data = read_file(file)
    if is_there:
        result = _import_there(data, file.name, project, dry_run=dry_run)
    else:
        place = here(workspace, as_email)
        from headway.domain.plans.actions import import_plan

        result = import_plan(
            place.actor, data, file.name, place.now, project=project, dry_run=dry_run
        ).as_json()
    if as_json:
        print_json(result)
    else:
        _print(result, "would be " if dry_run else "")


def _import_there(data: bytes, name: str, project: str, *, dry_run: bool) -> dict[str, Any]:
    """Send the file to a server. Repeated it changes nothing, so that it needs no key."""
    query = {"file": name, "project": project, "dry_run": str(dry_run).lower()}
    kind = "application/octet-stream"
    answer: dict[str, Any] = call(Ask("POST", "/plan-imports", query, data, kind))
    return answer


def _print(result: dict[str, Any], would: str) -> None:
    print_line(
        f"{result['project']}: {result['read']} items read, {result['created']} {would}created, "
        f"{result['updated']} {would}updated, {result['unchanged']} unchanged."
    )
    for note in result["notes"]:
        say(note)
    for row in result["skipped"]:
        line = f", line {row['line']}" if row["line"] else ""
        say(f"skipped{line}: {row['reason']}")
