"""`headway gate check`, `gate list`: may a release enter a stage, and what is lacking?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, listed, speaks_to_server

Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
AsOf = Annotated[str, typer.Option("--as-of", help="As known on this day (YYYY-MM-DD)")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]

_NOT_OPEN = 1

#: A gate as the API writes it: `GateAnswer` as JSON.
Answer = dict[str, Any]


def check(
    project: Annotated[str, typer.Argument(help="Address of the project")],
    stage: Annotated[str, typer.Option(help="The stage to enter")],
    version: Annotated[str, typer.Option(help="Judge this version; default: the gate's own")] = "",
    release: Annotated[str, typer.Option(help="Of this release; default: the newest gated")] = "",
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML to this file")] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print each term with value, bound and records")
    ] = False,
    as_of: AsOf = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Ask whether a release may enter a stage. An open gate exits 0, any other 1.

    Missing and stale evidence keep a gate closed. A waiver opens it, and the answer says so.

    Examples:

      headway gate check screening --stage integrate

      headway gate check screening --stage live --version 7 --junit gate.xml
    """
    query = {"stage": stage, "version": version, "release": release}
    moment = _moment(as_of)
    if speaks_to_server(workspace, as_email):
        path = f"/projects/{quote(project, safe='')}/gate-check"
        found: Answer = get(path, **_asked(query, moment))
    else:
        found = _check_here(here(workspace, as_email), project, query, moment)
    if junit is not None:
        _write(junit, _junit(found))
    if as_json:
        print_json(found)
    else:
        _print(found)
        if trace:
            _print_terms(found)
    if not found["open"]:
        raise typer.Exit(_NOT_OPEN)


def gates(
    project: Annotated[str, typer.Option(help="Only those of this project")] = "",
    as_of: AsOf = "",
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """List the gates of releases with how each stands, what is lacking and who owes it.

    Examples:

      headway gate list

      headway gate list --project screening --json
    """
    moment = _moment(as_of)
    if speaks_to_server(workspace, as_email):
        rows = listed("/gates", **_asked({"project": project}, moment))
    else:
        rows = _listed_here(here(workspace, as_email), project, moment)
    if as_json:
        print_json({"gates": rows})
        return
    if not rows:
        print_line("There is no gate yet; open one from a template on a release's page.")
        return
    lines = [
        (
            f"{one['system']} {one['release']}",
            one["stage"],
            one["state"],
            f"{one['met']} of {one['asked']}",
            ", ".join(one["owing"]),
        )
        for one in rows
    ]
    print_table("Gates", ("Release", "Into", "State", "Met", "Owed by"), lines)


def _asked(query: dict[str, str], moment: datetime | None) -> dict[str, str]:
    """Return the query of a question to the server, without what was not said."""
    said = {key: value for key, value in query.items() if value}
    return said | ({"at": moment.isoformat()} if moment else {})


def _check_here(
    place: Here, project: str, query: dict[str, str], moment: datetime | None
) -> Answer:
    from headway.domain.gates.queries import GateQuestion, gate_check

    at = moment or place.at
    question = GateQuestion(project, **query)
    return _plain(gate_check(place.actor, question, at or place.now, known_at=at))


def _listed_here(place: Here, project: str, moment: datetime | None) -> list[Answer]:
    from headway.domain.gates.queries import gates_listed

    at = moment or place.at
    rows = gates_listed(place.actor, at or place.now, project=project, known_at=at)
    return [_plain(row) for row in rows]


def _plain(value: object) -> Answer:
    """Return a value of the domain in the keys of the API."""
    from pydantic import TypeAdapter

    plain: Answer = TypeAdapter(type(value)).dump_python(value, mode="json")
    return plain


def _moment(day: str) -> datetime | None:
    """Return the end of that day; None for nothing."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.max, UTC)
    except ValueError:
        sentence = f"'{day}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        sentence = f"{path} cannot be written: {error.strerror}."
        raise Invalid(sentence) from None


def _junit(found: Answer) -> str:
    """Return the gate as JUnit XML: a test case a requirement; a waived one is skipped."""
    from headway.rendering.checks import Case, as_junit

    name = f"gate {found['system']} {found['release']} into {found['stage']}"
    cases = [
        Case(one["owner"] or "gate", one["name"], one["word"], _told(one))
        for one in found["requirements"]
    ]
    return as_junit(name, cases)


def _told(one: Answer) -> str:
    """Return why a requirement stands as it does, and how to give what is lacking."""
    if one["word"] == "met":
        return str(one["sentence"])
    if one["word"] == "waived":
        return f"Waived until {one['waived_until']}. {one['sentence']}"
    return " ".join(part for part in (one["sentence"], one["how"], one["command"]) if part)


def _print(found: Answer) -> None:
    subject = found["subject"] or "no version yet"
    met, asked = found["met"], len(found["requirements"])
    head = "OPEN" if found["open"] else found["state"].upper()
    print_line(
        f"{head}. {found['system']} {found['release']} into {found['stage_name']}, {subject}: "
        f"{met} of {asked} met{_debts(found)}."
    )
    lacking = [one for one in found["requirements"] if one["key"] in found["missing"]]
    if lacking:
        rows = [
            (one["name"], one["word"].replace("_", " "), one["owner"], one["sentence"])
            for one in lacking
        ]
        print_table("What is lacking", ("Requirement", "Verdict", "Owed by", "Why"), rows)
        print_line("\nHow to give it")
        for one in lacking:
            print_line(f"  {one['name']} ({one['owner'] or 'nobody named'}): {one['how']}")
            if one["command"]:
                print_line(f"    $ {one['command']}")
    for one in found["requirements"]:
        if one["key"] in found["waived"]:
            print_line(f"{one['name']}: {_told(one)}")
    if found["stale_at"] and found["open"]:
        say(f"The first of this goes stale on {found['stale_at'][:10]}.")
    for note in found["notes"]:
        say(note)


def _print_terms(found: Answer) -> None:
    """Print every term that was judged: what it asked, what it found, on which records."""
    rows = [
        (
            one["name"],
            term["asked"],
            term["verdict"].replace("_", " "),
            _value(term.get("value")),
            term.get("bound", ""),
            ", ".join(str(record) for record in term["records"][:8]),
        )
        for one in found["requirements"]
        for term in _terms(one["trace"])
    ]
    heads = ("Requirement", "Term", "Verdict", "Value", "Bound", "Records")
    print_table("What it rests on", heads, rows)


def _terms(trace: Answer) -> Iterator[Answer]:
    """Yield the terms of a trace, without what joins them."""
    if not trace.get("parts"):
        yield trace
    for part in trace.get("parts", ()):
        yield from _terms(part)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str("" if value is None else value)


def _debts(found: Answer) -> str:
    count = len(found["waived"])
    return f", {count} waived" if count else ""
