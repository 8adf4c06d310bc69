"""`headway baseline …` and `headway scenario …`: what is settled about one, and its undo."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line
from headway.interfaces.cli.place import here
from headway.interfaces.cli.server import post, speaks_to_server
from headway.interfaces.cli.status import program_here, program_there

Baseline = Annotated[str, typer.Argument(help="Key of the baseline")]
Scenario = Annotated[str, typer.Argument(help="Key of the scenario")]
Program = Annotated[str, typer.Option(help="Address of the program; default: the only one")]
Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


def activate(
    key: Baseline,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Hold the plan against this baseline; activating the earlier one again is the undo.

    Examples:

      headway baseline activate approved-plan

      headway baseline activate approved-plan --program fraud-program --json
    """
    done = _settled("baselines/activate", key, program, (workspace, as_email))
    _say(done, "The plan is held against “{name}”.", as_json=as_json)


def set_aside(
    key: Baseline,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Set a baseline aside: it stays to be read; `headway baseline put-back` is the undo.

    Examples:

      headway baseline set-aside first-plan

      headway baseline set-aside first-plan --json
    """
    done = _settled("baselines/set-aside", key, program, (workspace, as_email))
    _say(done, "“{name}” is set aside; it stays to be read.", as_json=as_json)


def put_back(
    key: Baseline,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Take a baseline back that was set aside.

    Examples:

      headway baseline put-back first-plan

      headway baseline put-back first-plan --json
    """
    done = _settled("baselines/put-back", key, program, (workspace, as_email))
    _say(done, "“{name}” is back.", as_json=as_json)


def undo(
    key: Scenario,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Take back what applying a scenario changed, where nobody changed it since.

    Examples:

      headway scenario undo vendor-b

      headway scenario undo vendor-b --json
    """
    done = _settled("scenarios/undo", key, program, (workspace, as_email))
    _say(
        done, "“{name}” is taken back: the plan is as before, and it can be tried.", as_json=as_json
    )


def throw_away(
    key: Scenario,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Throw a scenario away; `headway scenario bring-back` is the undo.

    Examples:

      headway scenario throw-away vendor-b

      headway scenario throw-away vendor-b --json
    """
    done = _settled("scenarios/throw-away", key, program, (workspace, as_email))
    _say(done, "“{name}” is thrown away.", as_json=as_json)


def bring_back(
    key: Scenario,
    program: Program = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Bring a scenario back that was thrown away.

    Examples:

      headway scenario bring-back vendor-b

      headway scenario bring-back vendor-b --json
    """
    done = _settled("scenarios/bring-back", key, program, (workspace, as_email))
    _say(done, "“{name}” is back.", as_json=as_json)


def _say(done: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        print_line(sentence.format(name=done["name"]))


def _settled(what: str, key: str, program: str, place: tuple[str, str]) -> dict[str, Any]:
    """Do what the API's `…/baselines/KEY/activate` and its like do, there or here."""
    sort, _, verb = what.partition("/")
    if speaks_to_server(*place):
        from urllib.parse import quote

        slug = program_there(program)
        done: dict[str, Any] = post(f"/programs/{slug}/{sort}/{quote(key, safe='')}/{verb}", {})
        return done
    from pydantic import TypeAdapter

    from headway.domain.plans import actions

    found = here(*place)
    do = {
        "baselines/activate": actions.activate_baseline,
        "baselines/set-aside": actions.set_aside_baseline,
        "baselines/put-back": actions.put_back_baseline,
        "scenarios/undo": actions.undo_scenario,
        "scenarios/throw-away": actions.throw_away_scenario,
        "scenarios/bring-back": actions.bring_back_scenario,
    }[what]
    value = do(found.actor, (program_here(found, program), key), found.now)
    told: dict[str, Any] = TypeAdapter(type(value)).dump_python(value, mode="json")
    return told
