"""`headway import`: a plan file, or any tool's table, becomes work items of a project."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from headway.errors import Conflict, Invalid, Problem
from headway.interfaces.cli.output import print_json, print_line, say
from headway.interfaces.cli.place import here, read_file
from headway.interfaces.cli.progress import nothing_when_stopped, progress_bar
from headway.interfaces.cli.server import LONG_PATIENCE, Ask, call, get, post, speaks_to_server

#: Between two looks at an import that a server does, in seconds.
_LOOK_EVERY = 0.5


def import_file(
    file: Annotated[Path, typer.Argument(help="Plan file, or CSV, XLSX of any tool")],
    project: Annotated[str, typer.Option(help="Project; default: one named as the plan")] = "",
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: which column is what")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what would happen, change nothing")] = False,
    skipped: Annotated[
        Path | None, typer.Option(help="Write what was skipped, and why, to this CSV file")
    ] = None,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Read a plan, or a tracker's export, into a project. The same file twice changes nothing.

    A terminal shows how far it is. Ctrl-C leaves nothing of it.

    Examples:

      headway import plan.yaml --dry-run

      headway import jira.csv --dry-run --json

      headway import plan.csv --project fraud --json
    """
    is_there = speaks_to_server(workspace, as_email)
    data = read_file(file)
    columns = read_mapping_file(mapping) if mapping else None
    if is_there:
        asked = {"project": project, "dry_run": str(dry_run).lower()}
        asked |= {"mapping": json.dumps(columns)} if columns else {}
        result = _import_there(data, file.name, asked)
    else:
        place = here(workspace, as_email)
        from headway.domain.plans.actions import import_plan

        with progress_bar(f"Importing {file.name}") as tell, nothing_when_stopped():
            result = import_plan(
                place.actor,
                data,
                file.name,
                place.now,
                project=project,
                dry_run=dry_run,
                mapping=columns,
                tell=tell,
            ).as_json()
    print_import(result, skipped, dry_run=dry_run, as_json=as_json)


def read_mapping_file(path: Path) -> dict[str, Any]:
    """Return the mapping of a JSON file: also an answer of `import --json`, which holds one."""
    try:
        value = json.loads(read_file(path).decode("utf-8-sig"))
    except ValueError:
        value = None
    if isinstance(value, dict) and isinstance(value.get("mapping"), dict):
        value = value["mapping"]
    if not isinstance(value, dict):
        sentence = f"{path} is not a JSON object; begin with what import --dry-run --json prints."
        raise Invalid(sentence)
    return value


def _import_there(data: bytes, name: str, asked: dict[str, str]) -> dict[str, Any]:
    """Send the file to a server. Repeated it changes nothing, so that it needs no key."""
    query = {"file": name, **asked}
    kind = "application/octet-stream"
    answer: dict[str, Any] = call(
        Ask("POST", "/plan-imports", query, data, kind, patience=LONG_PATIENCE)
    )
    return answer if "state" not in answer else _awaited(answer)


def _awaited(job: dict[str, Any]) -> dict[str, Any]:
    """Wait for an import that the server's worker does; Ctrl-C cancels it there.

    Raises what it ended with: Invalid when it was refused, Conflict when somebody cancelled it.
    """
    path = f"/plan-imports/{job['id']}"
    with progress_bar(f"Importing {job['file_name']}") as tell:
        try:
            while job["state"] in ("waiting", "running"):
                tell(job["sentence"].rstrip("."), job["done"], job["total"])
                time.sleep(_LOOK_EVERY)
                job = get(path)
        except KeyboardInterrupt:
            job = post(f"{path}/cancel", {})
            say(f"Asked the server to stop. {job['sentence']}")
            raise
    if job["state"] == "done":
        result: dict[str, Any] = job["result"]
        return result
    if job["state"] == "cancelled":
        raise Conflict(job["sentence"])
    raise Invalid(job["sentence"], [Problem(**one) for one in job["problems"]])


def print_import(
    result: dict[str, Any], skipped: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    """Print what an import did or would do; write what was skipped where a file is named."""
    if skipped is not None:
        _write_skipped(result, skipped)
    if as_json:
        print_json(result)
    else:
        _print(result, "would be " if dry_run else "", is_told=skipped is not None)


def _write_skipped(result: dict[str, Any], path: Path) -> None:
    from headway.domain.plans.rules.importing import Skipped, skipped_csv

    text = skipped_csv([Skipped(**row) for row in result["skipped"]])
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        sentence = f"{path} cannot be written: {error.strerror}."
        raise Invalid(sentence) from None


def _print(result: dict[str, Any], would: str, *, is_told: bool) -> None:
    gone = f"{result['removed']} {would}removed, " if result.get("removed") else ""
    print_line(
        f"{result['project']}: {result['read']} items read, {result['created']} {would}created, "
        f"{result['updated']} {would}updated, {gone}{result['unchanged']} unchanged."
    )
    for note in result["notes"]:
        say(note)
    for row in () if is_told else result["skipped"]:
        line = f", line {row['line']}" if row["line"] else ""
        say(f"skipped{line}: {row['reason']}")
