"""`headway calibration`: how past forecasts did."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, speaks_to_server
from headway.interfaces.cli.status import program_there
from headway.rendering import phrases

SHOWN_CASES = 20


def calibration(
    program: Annotated[str, typer.Argument(help="Address of the program; default: all")] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Say how often past P50s and P80s held, by horizon, team and kind of work.

    Examples:

      headway calibration fraud-program

      headway calibration --json
    """
    if speaks_to_server(workspace, as_email):
        path = f"/programs/{program_there(program)}/calibration" if program else "/calibration"
        found = get(path)
    else:
        found = _here(here(workspace, as_email), program)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _here(place: Here, program: str) -> dict[str, Any]:
    """Return the calibration of the local workspace, in the keys of the API."""
    from pydantic import TypeAdapter

    from headway.domain.plans.queries import Calibration, calibration_of, workspace_calibration
    from headway.domain.programs.queries import program_named

    if program:
        facts = program_named(place.actor, program, place.at)
        found = calibration_of(place.actor, facts, place.at)
    else:
        found = workspace_calibration(place.actor, place.at)
    told: dict[str, Any] = TypeAdapter(Calibration).dump_python(found, mode="json")
    return told


def _print(found: dict[str, Any]) -> None:
    print_line(found["sentence"])
    if found["correction"]:
        print_line(found["correction"]["sentence"])
    rows = [[row["name"], _held(row["p50"]), _held(row["p80"])] for row in found["horizons"]]
    print_table("By how far ahead it was said", ("", "P50 held", "P80 held"), rows)
    for title, key in (("By team", "teams"), ("By kind of work", "kinds")):
        biases = [
            [
                row["name"],
                phrases.number(row["median"], 2),
                phrases.number(row["p80"], 2),
                str(row["count"]),
            ]
            for row in found[key]
        ]
        columns = ("", "median", "P80", "items")
        print_table(f"{title}: actual / estimate", columns, biases, numbers=columns[1:])
    cases = [
        [row["name"], row["first"]["p80"] or "", row["finished"], "held" if row["held"] else "late"]
        for row in found["cases"][:SHOWN_CASES]
    ]
    print_table("Cases", ("item", "P80 said first", "finished", ""), cases)


def _held(row: dict[str, Any]) -> str:
    low, high = phrases.share(row["low"], exact=True), phrases.share(row["high"], exact=True)
    return f"{row['held']} of {row['judged']} ({low} to {high})"
