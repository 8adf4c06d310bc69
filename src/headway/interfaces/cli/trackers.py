"""`headway source check`, `import` and `disconnect`: what a tracker told becomes a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from headway.interfaces.cli.output import print_line
from headway.interfaces.cli.place import here
from headway.interfaces.cli.plans import print_import, read_mapping_file
from headway.interfaces.cli.server import LONG_PATIENCE, post, speaks_to_server

Name = Annotated[str, typer.Argument(help="Name of the source")]
Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
Member = Annotated[str, typer.Option("--as", help="Act as this member")]


def check(name: Name, workspace: Workspace = "", as_email: Member = "") -> None:
    """Ask a source once, with its stored token; nothing is read.

    Examples:

      headway source check jira

      headway source check mlflow --workspace acme
    """
    if speaks_to_server(workspace, as_email):
        print_line(post(_path(name, "check"), {}, patience=LONG_PATIENCE)["sentence"])
        return
    place = here(workspace, as_email)
    from headway.domain.sources.actions import check_source

    print_line(check_source(place.actor, name))


def import_work(
    name: Name,
    dry_run: Annotated[bool, typer.Option(help="Show what would happen, change nothing")] = False,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: how its items are read")
    ] = None,
    skipped: Annotated[
        Path | None, typer.Option(help="Write what was skipped, and why, to this CSV file")
    ] = None,
    workspace: Workspace = "",
    as_email: Member = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Make a plan of what a tracker told. From then on every `sync` brings what changed there.

    Examples:

      headway source import jira --dry-run --skipped skipped.csv

      headway source import jira --map mapping.json --json
    """
    is_there = speaks_to_server(workspace, as_email)
    told = read_mapping_file(mapping) if mapping else None
    result: dict[str, Any]
    if is_there:
        body = {"dry_run": dry_run, "mapping": told}
        result = post(_path(name, "import"), body, patience=LONG_PATIENCE)
    else:
        place = here(workspace, as_email)
        from headway.domain.plans.actions import import_source

        result = import_source(
            place.actor, name, place.now, dry_run=dry_run, mapping=told
        ).as_json()
    print_import(result, skipped, dry_run=dry_run, as_json=as_json)


def disconnect(name: Name, workspace: Workspace = "", as_email: Member = "") -> None:
    """Stop reading a source and forget its secrets; its evidence and its plan stay.

    Examples:

      headway source disconnect jira

      headway source disconnect jira --as noor@example.com
    """
    if speaks_to_server(workspace, as_email):
        post(_path(name, "disconnect"), {})
    else:
        place = here(workspace, as_email)
        from headway.domain.sources.actions import disconnect_source

        disconnect_source(place.actor, name, place.now)
    print_line(f"Source '{name}' is disconnected, its secrets are forgotten; what it gave stays.")


def _path(name: str, deed: str) -> str:
    return f"/sources/{quote(name, safe='')}/{deed}"
