"""`headway status`: how a program stands."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import typer

from headway.errors import Conflict, Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, listed, post, speaks_to_server

#: A program's health as the API writes it: `ProgramHealth` as JSON.
Health = dict[str, Any]


def status(
    program: Annotated[
        str, typer.Argument(help="Address of the program; default: the only one")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As known on this day (YYYY-MM-DD)")] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show one program: date, odds, health of its projects.

    Examples:

      headway status fraud-program

      headway status --as-of 2026-03-01 --json
    """
    if speaks_to_server(workspace, as_email):
        health, day = _health_there(program, moment_of_day(as_of))
    else:
        health, day = _health_here(here(workspace, as_email), program, moment_of_day(as_of))
    document = _document(health, day.date().isoformat())
    if as_json:
        print_json(document)
    else:
        _print(document)


def _health_here(place: Here, program: str, as_of: datetime | None) -> tuple[Health, datetime]:
    """Return the program's health as JSON, and the day it is of, from the local database."""
    from pydantic import TypeAdapter

    from headway.domain.accounts.rules import Permission, may
    from headway.domain.assessments.queries import ProgramHealth, program_health
    from headway.domain.plans.actions import make_forecast
    from headway.domain.programs.queries import program_named

    at = as_of or place.at
    slug = program_here(place, program)
    # Who may only look sees the forecast that was made last.
    if at is None and may(place.actor, Permission.PLAN):
        make_forecast(place.actor, slug, place.now)
    facts = program_named(place.actor, slug, at)
    health = program_health(place.actor, facts, at or place.now, known_at=at)
    told: Health = TypeAdapter(ProgramHealth).dump_python(health, mode="json")
    return told, at or place.now


def _health_there(program: str, as_of: datetime | None) -> tuple[Health, datetime]:
    """Return the program's health as JSON, and the day it is of, from the server."""
    me = get("/me")
    slug = program_there(program)
    if as_of is not None:
        return get(f"/programs/{slug}/health", at=as_of.isoformat()), as_of
    # Who may only look sees the forecast that the server's worker made last.
    if not me["is_pinned"] and "plan" in me["permissions"]:
        with suppress(Conflict):  # nothing is planned yet: the health says so
            post(f"/programs/{slug}/forecasts", {})
    return get(f"/programs/{slug}/health"), datetime.fromisoformat(me["now"])


def moment_of_day(day: str) -> datetime | None:
    """Return the end of that day; None for nothing."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.max, UTC)
    except ValueError:
        sentence = f"'{day}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None


def program_here(place: Here, slug: str) -> str:
    """Return the program's address; without one, the only program's."""
    from headway.domain.programs.queries import programs_of

    return slug or _only([program.slug for program in programs_of(place.actor, place.at)])


def program_there(slug: str) -> str:
    """Return the program's address, as a part of a path; without one, the only program's."""
    from urllib.parse import quote

    return quote(slug or _only([row["slug"] for row in listed("/programs")]), safe="")


def _only(slugs: Sequence[str]) -> str:
    if len(slugs) != 1:
        sentence = f"Name the program; there are: {', '.join(slugs) or 'none yet'}."
        raise Invalid(sentence)
    return slugs[0]


def _document(health: Health, as_of: str) -> dict[str, Any]:
    forecast = health["forecast"] or {}
    answer = forecast.get("answer", {})
    ends = answer.get("finish_dates") or {}
    return {
        "program": health["program"]["slug"],
        "name": health["program"]["name"],
        "as_of": as_of,
        "finish": {"p50": ends.get("p50"), "p80": ends.get("p80")},
        "target": health["program"]["target"],
        "p_on_time": answer.get("p_on_time"),
        "health": health["dimensions"],
        "projects": [
            {
                "name": one["project"]["slug"],
                "stage": one["stage"] or None,
                "health": one["dimensions"],
            }
            for one in health["projects"]
        ],
        "forecast": {key: forecast.get(key) for key in ("seed", "trials", "engine")},
        "notes": _notes(health),
    }


def _notes(health: Health) -> list[str]:
    if health["forecast"] is None:
        return ["There is no forecast: nothing is planned yet."]
    answer = health["forecast"]["answer"]
    found = [answer["problem"]] if answer.get("problem") else []
    return found + [str(note) for note in answer.get("notes") or ()]


def _print(document: dict[str, Any]) -> None:
    from headway.rendering.phrases import share

    ends = document["finish"]
    print_line(f"{document['name']}, as of {document['as_of']}")
    print_line(
        f"Lands {ends['p50'] or 'n/a'} at P50, {ends['p80'] or 'n/a'} at P80; "
        f"target {document['target'] or 'n/a'}: {share(document['p_on_time'])}"
    )
    rows = [
        (
            name,
            found["level"].replace("_", " "),
            found["verdict"].replace("_", " "),
            found["sentence"],
        )
        for name, found in document["health"].items()
    ]
    print_table("Health", ("dimension", "level", "verdict", "why"), rows)
    lines = [
        (one["name"], one["stage"] or "", one["health"]["schedule"]["sentence"])
        for one in document["projects"]
    ]
    print_table("Projects", ("project", "stage", "schedule"), lines)
    for note in document["notes"]:
        say(note)
