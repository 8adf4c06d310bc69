"""`headway baseline …`: freezing a plan, and how far today's is from it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from headway.errors import NotFound
from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, listed, post, speaks_to_server
from headway.interfaces.cli.status import program_here, program_there

Program = Annotated[str, typer.Argument(help="Address of the program; default: the only one")]
Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


def baselines(
    program: Program = "", workspace: Workspace = "", as_email: As = "", as_json: Json = False
) -> None:
    """List the plans that were agreed; one of them is active.

    Examples:

      headway baseline list fraud-program

      headway baseline list --json
    """
    if speaks_to_server(workspace, as_email):
        found = listed(f"/programs/{program_there(program)}/baselines")
    else:
        found = _listed_here(here(workspace, as_email), program)
    if as_json:
        print_json(found)
        return
    if not found:
        print_line("No plan was agreed yet; `headway baseline set` freezes one.")
    rows = [
        (
            one["key"],
            one["at"][:10],
            one["state"],
            one["whole"]["finish"] or "n/a",
            one["whole"]["p80"] or "n/a",
            one["name"],
        )
        for one in found
    ]
    headers = ("Key", "Set", "Stands", "Most likely", "P80", "Name")
    print_table("Baselines", headers, rows)


def set_(  # noqa: PLR0913  which plan, its name, why, and where
    program: Program = "",
    name: Annotated[str, typer.Option(help="What it is called, such as: approved plan")] = "",
    reason: Annotated[str, typer.Option(help="Why this plan counts")] = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Freeze the plan as it stands, and hold it against that from now on.

    Examples:

      headway baseline set fraud-program --name "Approved plan" --reason "Steering, 3 October"

      headway baseline set --name "After the change" --reason "Change 7" --json
    """
    said = {"name": name, "reason": reason}
    if speaks_to_server(workspace, as_email):
        made = post(f"/programs/{program_there(program)}/baselines", said)
    else:
        made = _set_here(here(workspace, as_email), program, said)
    if as_json:
        print_json(made)
        return
    whole = made["whole"]
    print_line(
        f"{made['key']}: {len(made['items'])} items frozen, "
        f"most likely {whole['finish'] or 'n/a'}, P80 {whole['p80'] or 'n/a'}."
    )


def variance(  # noqa: PLR0913  which plan, against what, how narrow, and where
    program: Program = "",
    baseline: Annotated[str, typer.Option(help="Its key; default: the active one")] = "",
    status: Annotated[
        str, typer.Option(help="Only later, earlier, on_schedule, new or dropped")
    ] = "",
    project: Annotated[str, typer.Option(help="Only items of this project")] = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Say how far the plan is from a baseline, item by item, and what moved its end since.

    Examples:

      headway baseline variance fraud-program

      headway baseline variance --status later --json
    """
    narrow = {"status": status, "project": project}
    if speaks_to_server(workspace, as_email):
        found = _variance_there(program, baseline, narrow)
    else:
        found = _variance_here(here(workspace, as_email), program, baseline, narrow)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    print_line(found["headline"])
    if found["problem"]:
        print_line(found["problem"])
    print_line(", ".join(f"{count} {word.replace('_', ' ')}" for word, count in _counts(found)))
    bridge = found["bridge"]
    moved = [
        (line["title"], line["days_p80"] or "", line["money_p80"] or "", line["sentence"])
        for line in bridge["lines"]
    ]
    headers = ("Cause", "Days", "Money", "What happened")
    print_table("What moved the end at P80", headers, moved, numbers=("Days", "Money"))
    rows = [
        (
            line["item"],
            line["standing"].replace("_", " "),
            (line["then"] or {}).get("finish") or "",
            (line["now"] or {}).get("finish") or "",
            "" if line["finish_days"] is None else f"{line['finish_days']:+d}",
            line["cost"],
        )
        for line in found["lines"]
    ]
    titles = ("Item", "Status", "Finish then", "Finish", "Days", "Cost moved")
    print_table("Item by item", titles, rows, numbers=("Days", "Cost moved"))


def _counts(found: dict[str, Any]) -> list[tuple[str, int]]:
    return [(word, count) for word, count in found["counts"].items() if count]


def _variance_there(program: str, key: str, narrow: dict[str, str]) -> dict[str, Any]:
    from urllib.parse import quote, urlencode

    above = f"/programs/{program_there(program)}/baselines"
    if not key:
        active = [one["key"] for one in listed(above) if one["state"] == "active"]
        key = active[0] if active else _none()
    one = f"{above}/{quote(key, safe='')}"
    asked = urlencode({name: value for name, value in narrow.items() if value})
    lines = listed(f"{one}/variance-lines" + (f"?{asked}" if asked else ""))
    return {**get(f"{one}/variance"), "bridge": get(f"{one}/bridge"), "lines": lines}


def _variance_here(place: Here, program: str, key: str, narrow: dict[str, str]) -> dict[str, Any]:
    from headway.domain.plans.queries import (
        active_baseline,
        baseline_bridge,
        baseline_named,
        variance_of,
    )
    from headway.domain.plans.rules import VarianceView, totals, viewed
    from headway.domain.programs.queries import program_named

    facts = program_named(place.actor, program_here(place, program), place.at)
    if key:
        held = baseline_named(place.actor, facts, key, place.at)
    else:
        active = active_baseline(place.actor, facts, place.at)
        held = active if active is not None else _none()
    at = place.at or place.now
    found = variance_of(place.actor, facts, held, at, live=place.at is None)
    view = VarianceView.read(narrow["project"], narrow["status"])
    lines = sorted(viewed(found, view).lines, key=lambda line: line.item)
    bridge = baseline_bridge(place.actor, facts, held, at)
    document: dict[str, Any] = _plain(totals(found))
    return {**document, "bridge": _plain(bridge), "lines": [_plain(line) for line in lines]}


def _none() -> Any:  # noqa: ANN401  never returns
    sentence = "No plan was agreed yet; `headway baseline set` freezes one."
    raise NotFound(sentence)


def _listed_here(place: Here, program: str) -> list[Any]:
    from headway.domain.plans.queries import baselines_of
    from headway.domain.programs.queries import program_named

    facts = program_named(place.actor, program_here(place, program), place.at)
    found = baselines_of(place.actor, facts, place.at)
    return [_plain(one) for one in sorted(found, key=lambda one: one.key)]


def _set_here(place: Here, program: str, said: dict[str, str]) -> Any:  # noqa: ANN401  as `post`
    from headway.domain.plans.actions import set_baseline

    return _plain(set_baseline(place.actor, program_here(place, program), said, place.now))


def _plain(value: object) -> Any:  # noqa: ANN401  JSON
    """Return a frozen value in the keys of the API."""
    from pydantic import TypeAdapter

    return TypeAdapter(type(value)).dump_python(value, mode="json")
