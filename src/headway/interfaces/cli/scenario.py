"""`headway scenario …`: trying changes beside the plan, and making them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from headway.errors import Invalid, NotFound
from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.place import Here, here, read_file
from headway.interfaces.cli.server import Ask, call, get, listed, post, speaks_to_server
from headway.interfaces.cli.status import program_here, program_there

Key = Annotated[str, typer.Argument(help="Key of the scenario")]
Program = Annotated[str, typer.Option(help="Address of the program; default: the only one")]
Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


def scenarios(
    program: Program = "", workspace: Workspace = "", as_email: As = "", as_json: Json = False
) -> None:
    """List the scenarios of a program with what each makes of the forecast.

    Examples:

      headway scenario list --program fraud-program

      headway scenario list --json
    """
    if speaks_to_server(workspace, as_email):
        found = listed(f"/programs/{program_there(program)}/scenarios")
    else:
        found = _listed_here(here(workspace, as_email), program)
    if as_json:
        print_json(found)
        return
    if not found:
        print_line("Nothing is tried; `headway scenario set` writes a scenario down.")
    rows = [(one["key"], one["state"], *_own(one), one["name"]) for one in found]
    print_table("Scenarios", ("Key", "State", "P80", "On time", "Days", "Name"), rows)


def _own(one: dict[str, Any]) -> tuple[str, str, str]:
    outlook = one["outlook"] or {}
    own, moved = outlook.get("own"), outlook.get("differences")
    if not own or not moved:
        return ("n/a", "n/a", "")
    odds = own["p_on_time"]
    share = "n/a" if odds is None else f"{odds:.0%}"
    return (own["p80"] or "never", share, _moved(moved["finish_p80"]))


def _moved(found: dict[str, Any] | None) -> str:
    if found is None or found["value"] is None:
        return "n/a"
    return "equal" if found["is_equal"] else f"{found['value']:+.1f}"


def set_(  # noqa: PLR0913  which, on what, its changes, and where
    key: Key,
    changes: Annotated[
        Path | None, typer.Option(help="A JSON file with the list of changes, or -")
    ] = None,
    name: Annotated[str, typer.Option(help="What it is called")] = "",
    on: Annotated[str, typer.Option(help="Key of the scenario that it stands on")] = "",
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Write a scenario down, or change it; it is tried at once and the plan stays.

    Examples:

      headway scenario set vendor-b --name "Add vendor B" --changes vendor-b.json

      headway scenario set both --name "Vendor B and two pools" --on vendor-b --changes - --json
    """
    said: dict[str, object] = {"name": name} if name else {}
    if on:
        said["parent"] = on
    if changes is not None:
        said["changes"] = _changes(changes)
    if speaks_to_server(workspace, as_email):
        made = _set_there(program, key, said)
    else:
        made = _set_here(here(workspace, as_email), program, key, said)
    if as_json:
        print_json(made)
        return
    print_line(f"{made['key']}: {len(made['overrides'])} changes, P80 {_own(made)[0]}.")


def _changes(path: Path) -> object:
    try:
        return json.loads(read_file(path))
    except ValueError as error:
        sentence = f"{path} is no JSON ({error}); write a list of changes."
        raise Invalid(sentence) from None


def _set_there(program: str, key: str, said: dict[str, object]) -> Any:  # noqa: ANN401  JSON
    from urllib.parse import quote

    path = f"/programs/{program_there(program)}/scenarios/{quote(key, safe='')}"
    try:
        get(path)
        match = "*"
    except NotFound:
        match = ""
    return call(Ask("PUT", path, body=json.dumps(said).encode(), if_match=match))


def _set_here(place: Here, program: str, key: str, said: dict[str, object]) -> Any:  # noqa: ANN401
    from headway.domain.plans.actions import set_scenario

    return _plain(set_scenario(place.actor, program_here(place, program), key, said, place.now))


def compare(
    keys: Annotated[list[str], typer.Argument(help="Keys of one to four scenarios")],
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Set scenarios side by side with the plan, on the same random numbers.

    A difference under two standard errors is told as equal.

    Examples:

      headway scenario compare vendor-b second-pool

      headway scenario compare vendor-b --program fraud-program --json
    """
    if speaks_to_server(workspace, as_email):
        path = f"/programs/{program_there(program)}/scenario-comparison"
        found = get(path, keys=",".join(keys))
    else:
        found = _compare_here(here(workspace, as_email), program, keys)
    if as_json:
        print_json(found)
        return
    if found["is_mixed"] or found["is_behind"]:
        print_line("The plan moved since some were tried; `headway scenario set` tries one again.")
    columns: list[tuple[str, dict[str, Any], dict[str, Any]]] = [("Plan", found["plan"] or {}, {})]
    for one in found["scenarios"]:
        outlook = one["outlook"] or {}
        columns.append((one["key"], outlook.get("own") or {}, outlook.get("differences") or {}))
    rows = [
        (title, *(_cell(column, field, moved) for column in columns))
        for title, field, moved in _ROWS
    ]
    print_table("Scenarios", ("", *(name for name, _, _ in columns)), rows)


_ROWS = (
    ("P50", "p50", "finish_p50"),
    ("P80", "p80", "finish_p80"),
    ("P(on time)", "p_on_time", "p_on_time"),
    ("Cost at P50", "cost_p50", "cost_p50"),
    ("Cost at P80", "cost_p80", "cost_p80"),
    ("On time and in budget", "p_joint", "p_joint"),
)


def _cell(column: tuple[str, dict[str, Any], dict[str, Any]], field: str, moved: str) -> str:
    _, stand, differences = column
    value = stand.get(field)
    if value is None:
        return "n/a"
    told = f"{value:.0%}" if isinstance(value, float) else str(value)
    found = differences.get(moved)
    if not found or found["value"] is None:
        return told
    if found["is_equal"]:
        return f"{told} (equal)"
    change = f"{found['value']:+.0%}" if field.startswith("p_") else f"{found['value']:+,.1f}"
    return f"{told} ({change})"


def _compare_here(place: Here, program: str, keys: list[str]) -> Any:  # noqa: ANN401  JSON
    from headway.domain.plans.queries import compare_scenarios
    from headway.domain.programs.queries import program_named

    facts = program_named(place.actor, program_here(place, program), place.at)
    return _plain(compare_scenarios(place.actor, facts, keys, place.at))


def apply(  # noqa: PLR0913  which, whether anyway, and where
    key: Key,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Though the plan moved under it")
    ] = False,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Make every change of a scenario in the plan, or none of them.

    Examples:

      headway scenario apply vendor-b

      headway scenario apply vendor-b --anyway --json
    """
    if speaks_to_server(workspace, as_email):
        from urllib.parse import quote

        path = f"/programs/{program_there(program)}/scenarios/{quote(key, safe='')}/apply"
        done = post(path, {"anyway": anyway})
    else:
        done = _apply_here(here(workspace, as_email), program, key, anyway=anyway)
    if as_json:
        print_json(done)
        return
    print_line(f"{done['key']} is applied: {len(done['overrides'])} changes are in the plan.")


def _apply_here(place: Here, program: str, key: str, *, anyway: bool) -> Any:  # noqa: ANN401  JSON
    from headway.domain.plans.actions import apply_scenario

    slug = program_here(place, program)
    return _plain(apply_scenario(place.actor, (slug, key), place.now, anyway=anyway))


def _listed_here(place: Here, program: str) -> list[Any]:
    from headway.domain.plans.queries import scenarios_of
    from headway.domain.programs.queries import program_named

    facts = program_named(place.actor, program_here(place, program), place.at)
    found = scenarios_of(place.actor, facts, place.at)
    return [_plain(one) for one in sorted(found, key=lambda one: one.key)]


def _plain(value: object) -> Any:  # noqa: ANN401  JSON
    """Return a frozen value in the keys of the API."""
    from pydantic import TypeAdapter

    return TypeAdapter(type(value)).dump_python(value, mode="json")
