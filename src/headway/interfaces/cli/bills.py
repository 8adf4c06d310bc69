"""`headway cost import`: a bill becomes evidence, and its charges the projects' actual costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here, read_file
from headway.interfaces.cli.server import LONG_PATIENCE, Ask, call, speaks_to_server


def import_bill(
    file: Annotated[Path, typer.Argument(help="A bill: CSV, gz, Parquet, JSON or XLSX")],
    tags: Annotated[
        str, typer.Option(help="Tags to keep besides those that rules ask for: a,b,c")
    ] = "",
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: which column of a table holds what")
    ] = None,
    currency: Annotated[str, typer.Option(help="Currency of rows that name none")] = "",
    time_sheet: Annotated[
        bool, typer.Option(help="It holds hours: person, day, hours, project or item")
    ] = False,
    team: Annotated[str, typer.Option(help="Whose time sheet it is; one a team and month")] = "",
    dry_run: Annotated[bool, typer.Option(help="Read it and keep nothing")] = False,
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Bring a bill. The same again changes nothing; a corrected one takes the old one's place.

    Exits 1 if a row was refused; the others are brought.

    Examples:

      headway cost import september.parquet --tags team,experiment

      headway cost import invoice.xlsx --map invoice.json --dry-run --json
    """
    query = {"tags": tags, "mapping": _mapping_text(mapping), "currency": currency, "team": team}
    query |= {"time_sheet": "true"} if time_sheet else {}
    if speaks_to_server(workspace, as_email):
        answer = _there(file, query, dry_run=dry_run)
    else:
        answer = _here(here(workspace, as_email), file, query, dry_run=dry_run)
    if as_json:
        print_json(answer)
    else:
        _print(answer, dry_run=dry_run)
    if answer["refused_count"]:
        raise typer.Exit(1)


def _here(place: Here, file: Path, asked: dict[str, str], *, dry_run: bool) -> dict[str, Any]:
    from headway.connectors.focus import read_bill_mapping
    from headway.domain.costs import actions

    if "time_sheet" in asked:
        told = (read_file(file), file.name, place.now)
        return actions.import_time_sheet(
            place.actor, *told, team=asked["team"], dry_run=dry_run
        ).as_json()
    named = read_bill_mapping(json.loads(asked["mapping"])) if asked["mapping"] else None
    tags = [one.strip() for one in asked["tags"].split(",") if one.strip()]
    bill = actions.BillFile(file, file.name, named, asked["currency"], tags)
    return actions.import_bill(place.actor, bill, place.now, dry_run=dry_run).as_json()


def _mapping_text(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        json.loads(text)
    except OSError as error:
        sentence = f"The mapping {path} can't be read: {error.strerror}."
        raise Invalid(sentence) from None
    except (ValueError, RecursionError) as error:
        sentence = f"The mapping {path} is not JSON: {str(error)[:160]}."
        raise Invalid(sentence) from None
    return text


def _there(file: Path, asked: dict[str, str], *, dry_run: bool) -> dict[str, Any]:
    from uuid import uuid4

    data = read_file(file)
    query = {"file": file.name, **asked, **({"dry_run": "true"} if dry_run else {})}
    ask = Ask(
        "POST",
        "/bill-imports",
        query={name: value for name, value in query.items() if value},
        body=data,
        content_type="application/octet-stream",
        key=str(uuid4()),
        patience=LONG_PATIENCE,
    )
    found: dict[str, Any] = call(ask)
    return found


def _print(answer: dict[str, Any], *, dry_run: bool) -> None:
    done = "would be recorded" if dry_run else "recorded"
    print_line(
        f"{len(answer['bills']) if dry_run else answer['recorded']} bills {done}, "
        f"{answer['replaced']} in another's place, {answer['already_known']} known already; "
        f"{answer['rows']:,} rows of {answer['format']} count, {answer['refused_count']:,} do not."
    )
    rows = [
        (bill["month"], bill["provider"], bill["account"], one["category"], one["billed"])
        + (one["effective"], one["currency"])
        for bill in answer["bills"]
        for one in bill["totals"]
    ]
    headers = ("month", "provider", "account", "category", "billed", "effective", "currency")
    print_table("What they say", headers, rows, numbers=("billed", "effective"))
    for one in answer["refused"][:20]:
        say(f"line {one['line']}: {one['reason']}")
    for note in answer["notes"]:
        say(f"Note: {note}")
