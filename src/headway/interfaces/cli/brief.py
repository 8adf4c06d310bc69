"""`headway brief`: what changed in a program's odds, why, and what goes stale this week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, speaks_to_server
from headway.interfaces.cli.status import program_here, program_there

#: What the brief compares with when nobody says.
WEEK = timedelta(days=7)


def brief(
    program: Annotated[
        str, typer.Argument(help="Address of the program; default: the only one")
    ] = "",
    since: Annotated[
        str, typer.Option(help="Compare with this day (YYYY-MM-DD); default: a week before")
    ] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Say what changed in the odds and why, in days and money.

    Examples:

      headway brief fraud-program

      headway brief --since 2026-03-02 --json
    """
    begins = _end_of(since) if since else None
    if speaks_to_server(workspace, as_email):
        asked = {"since": begins.isoformat()} if begins else {}
        document = get(f"/programs/{program_there(program)}/brief", **asked)
    else:
        document = _document_here(here(workspace, as_email), program, begins)
    if as_json:
        print_json(document)
    else:
        _print(document)


def _document_here(place: Here, program: str, since: datetime | None) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from headway.domain.assessments.queries import ProgramBrief, program_brief
    from headway.domain.programs.queries import program_named

    facts = program_named(place.actor, program_here(place, program), place.at)
    at = place.at or place.now
    found = program_brief(place.actor, facts, since or at - WEEK, at, live=place.at is None)
    document: dict[str, Any] = TypeAdapter(ProgramBrief).dump_python(found, mode="json")
    return document


def _end_of(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time.max, UTC)
    except ValueError:
        sentence = f"'{day}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None


def _print(document: dict[str, Any]) -> None:
    if document["problem"]:
        print_line(document["problem"])
    else:
        odds, days = document["p_on_time"], document["finish_p80"]
        if odds["then"] is not None and odds["now"] is not None:
            print_line(f"P(on time): {odds['then']:.0%} then, {odds['now']:.0%} now.")
        print_line(f"Finish at P80: {days['then'] or 'none'} then, {days['now'] or 'none'} now.")
        rows = [
            (
                line["cause"],
                _signed(line["days_p80"]),
                _signed(line["money_p80"]),
                line["sentence"],
            )
            for line in document["bridge"]
        ]
        if rows:
            print_table(
                "Why",
                ("Cause", "Days", document["currency"], "What happened"),
                rows,
                numbers=("Days", document["currency"]),
            )
        else:
            print_line("Nothing moved it.")
    for one in document["decisions"]:
        print_line(_decision(one))
    for one in document["not_checked_in"]:
        print_line(f"Not checked in: {one['name']}, asked on {one['asked_at'][:10]}")
    for row in document["expiring"]:
        say(f"goes stale on {row['valid_until'][:10]}: {row['kind']} of {row['subject']}")


def _decision(one: dict[str, Any]) -> str:
    """Say one decision on one line: what is asked, of whom, and what each option does."""
    options = "; ".join(f"{option['name']} ({_days(option)})" for option in one["options"])
    who = f" ({one['owner']}{', by ' + one['due'] if one['due'] else ''})" if one["owner"] else ""
    return f"Decide: {one['question']}{who} {options}"


def _days(option: dict[str, Any]) -> str:
    days = option["days_p80"]
    return "no P80" if days is None else f"{days:+d} days at P80"


def _signed(number: float | None) -> str:
    return "" if number is None else f"{number:+,.2f}"
