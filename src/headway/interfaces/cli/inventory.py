"""`headway inventory`: which version of each model serves, since when, what its gate decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import listed, speaks_to_server

Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


def inventory(workspace: Workspace = "", as_email: As = "", as_json: Json = False) -> None:
    """List the models: what serves, since when, whether its gate let it through; alarms first.

    Examples:

      headway inventory

      headway inventory --json
    """
    if speaks_to_server(workspace, as_email):
        found = {"models": listed("/models"), "promotions": listed("/promotions")}
    else:
        found = _read_here(here(workspace, as_email))
    alarms = {one["model"] for one in found["promotions"] if one["is_alarm"]}
    found["models"] = sorted(found["models"], key=lambda one: one["name"] not in alarms)
    if as_json:
        print_json(found)
        return
    if not found["models"]:
        print_line("No model is known yet: evidence about model:NAME@VERSION makes one known.")
        return
    rows = [row for one in found["models"] for row in _rows(one, found["promotions"])]
    columns = ("Model", "System", "Version", "By", "Since", "Gate", "Can be made again")
    print_table("Models", columns, rows)


def _rows(
    model: Mapping[str, Any], promotions: Sequence[Mapping[str, Any]]
) -> list[tuple[str, ...]]:
    """Return a line for each thing that points to a version; one that says so for nothing."""
    gates = {
        one["what"]: one["assessment"]["verdict"]
        for one in promotions
        if one["model"] == model["name"]
    }
    again, system = model["reproducible"]["verdict"], model["system"]
    return [
        (
            model["name"],
            system,
            one["version"],
            one["by_what"],
            _since(one),
            gates.get(one["by_what"], ""),
            again,
        )
        for one in model["live"]
    ] or [(model["name"], system, "", "nothing known", "", "", again)]


def _since(live: Mapping[str, Any]) -> str:
    """Say since when, as an interval where the time is not known."""
    if live["after"] is None:
        return f"{live['by']} at the latest"
    return live["by"] if live["after"] == live["by"] else f"{live['after']} to {live['by']}"


def _read_here(place: Here) -> dict[str, Any]:
    from headway.domain.gates.queries import promotion_lines
    from headway.domain.inventory.queries import model_lines

    lines = promotion_lines(place.actor, place.now, known_at=place.at)
    return {
        "models": [_plain(line) for line in model_lines(place.actor, place.at)],
        "promotions": [
            {key: value for key, value in _plain(line).items() if not key.endswith("_id")}
            | {"is_alarm": line.is_alarm}
            for line in lines
        ],
    }


def _plain(value: object) -> dict[str, Any]:
    """Return a value of the domain in the keys of the API."""
    from pydantic import TypeAdapter

    plain: dict[str, Any] = TypeAdapter(type(value)).dump_python(value, mode="json")
    return plain
