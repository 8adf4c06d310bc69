"""`headway monitor list` and `headway monitor run`: checks that run again and again."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import quote

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import LONG_PATIENCE, get, listed, post, speaks_to_server

Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]

_BAD = 1
#: Between two looks at a run of a server, in seconds.
_LOOK_EVERY = 1.0
_OVER = ("done", "failed", "cancelled")


def monitors(
    project: Annotated[str, typer.Option(help="Only those of this project")] = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """List the monitors with how each stands; alerts first.

    Examples:

      headway monitor list

      headway monitor list --project fraud --json
    """
    if speaks_to_server(workspace, as_email):
        found = [one for one in listed("/monitors") if project in ("", one["project"])]
    else:
        found = _listed_here(here(workspace, as_email), project)
    if as_json:
        print_json({"monitors": found})
        return
    if not found:
        print_line("There is no monitor yet.")
        return
    rows = [
        (
            one["monitor"]["key"],
            one["project"],
            one["monitor"]["kind"],
            one["verdict"]["verdict"],
            one["verdict"]["sentence"],
        )
        for one in found
    ]
    print_table("Monitors", ("Monitor", "Project", "Kind", "Verdict", "Why"), rows)


def _listed_here(place: Here, project: str) -> list[dict[str, Any]]:
    from headway.domain.checks.queries import monitors_page

    lines = monitors_page(place.actor, place.now, project=project, known_at=place.at)
    return [_plain(line) for line in lines]


def run(
    key: Annotated[str, typer.Argument(help="Key of the monitor")],
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Run a monitor now, and record what it finds. Anything but a good verdict exits 1.

    An experiment that keeps running is no bad answer. With HEADWAY_URL the server's worker runs
    it, and the answer waits for it.

    Examples:

      headway monitor run live-error

      headway monitor run live-error --json
    """
    if speaks_to_server(workspace, as_email):
        done = _run_there(key)
    else:
        done = _run_here(here(workspace, as_email), key)
    if as_json:
        print_json(done)
    else:
        _print(done)
    if done["verdict"] != "met" and done["word"] != "keep running":
        raise typer.Exit(_BAD)


def _print(done: dict[str, Any]) -> None:
    word = f" ({done['word']})" if done["word"] else ""
    print_line(f"{done['verdict'].upper() or done['state'].upper()}{word}. {done['sentence']}")
    if done["rule"]:
        say(f"Rule: {done['rule']}.")
    if done["record"] is not None:
        say(f"Recorded as evidence {done['record']}.")


def _run_here(place: Here, key: str) -> dict[str, Any]:
    from headway import clock
    from headway.domain.checks.actions import run_now

    return _plain(run_now(place.actor, key, place.now, clock.now()))


def _run_there(key: str) -> dict[str, Any]:
    """Ask the server for a run, and wait until its worker has done it."""
    path = f"/monitors/{quote(key)}/runs"
    line: dict[str, Any] = post(path, {})
    until = time.monotonic() + LONG_PATIENCE
    while line["state"] not in _OVER and time.monotonic() < until:
        time.sleep(_LOOK_EVERY)
        line = get(f"{path}/{line['number']}")["line"]
    return line


def _plain(value: object) -> dict[str, Any]:
    """Return a value of the domain in the keys of the API."""
    from pydantic import TypeAdapter

    plain: dict[str, Any] = TypeAdapter(type(value)).dump_python(value, mode="json")
    return plain
