"""`headway brief`: what changed in a program's odds, why, and what needs somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table
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
    for sort, told in _TOLD.items():
        for one in document[sort]:
            print_line(told(one))
    if _is_quiet(document):
        print_line("Nothing needs you.")


def _is_quiet(document: dict[str, Any]) -> bool:
    """Say whether nothing waits: promises that nobody has to look at do not count."""
    asking = [one for one in document["promises"] if one["asks"]]
    return not asking and not any(
        document[sort] for sort in ("decisions", *_TOLD) if sort != "promises"
    )


def _blocker(one: dict[str, Any]) -> str:
    """Say one blocker: for how long, what it holds up, with whom it is, what a week costs."""
    holds = f", holds up {', '.join(one['items'])}" if one["items"] else ""
    who = one["escalated_to"] or one["owner"] or "nobody"
    cost = "" if one["week_days"] is None else f"; one more week {one['week_days']:+d} days at P80"
    return f"Blocked for {one['age_days']} working days: {one['name']} (with {who}{holds}{cost})"


def _action(one: dict[str, Any]) -> str:
    return f"Overdue by {one['days_overdue']} days: {one['name']} ({one['owner'] or 'nobody'})"


def _promise(one: dict[str, Any]) -> str:
    """Say one promise: from whom, by when, when it is needed, and its float."""
    other = f"to {one['taker']}" if one["direction"] == "give" else f"by {one['giver']}"
    said = [f"promised {one['promised'] or 'for no day'}"]
    if one["needed_by"]:
        said.append(f"needed by {one['needed_by']}")
    said.append("confirmed" if one["is_confirmed"] else "not confirmed")
    if one["float_days"] is not None:
        said.append(f"float {one['float_days']} days")
    mark = f" [{one['asks']}]" if one["asks"] else ""
    return f"Promise {other}: {one['name']} ({', '.join(said)}){mark}"


def _expiring(one: dict[str, Any]) -> str:
    return f"Goes stale on {one['valid_until'][:10]}: {one['kind']} of {one['subject']}"


def _release(one: dict[str, Any]) -> str:
    return f"Due on {one['due']}: {one['system']} {one['name']}, in {one['stage']} ({one['what']})"


def _silent(one: dict[str, Any]) -> str:
    return f"Not checked in: {one['name']}, asked on {one['asked_at'][:10]}"


#: The lists of the brief in their order, and how one line of each is told.
_TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    "blockers": _blocker,
    "actions": _action,
    "promises": _promise,
    "expiring": _expiring,
    "releases": _release,
    "not_checked_in": _silent,
}


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
