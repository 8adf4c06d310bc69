"""`headway maturity`: how each system stands beside the models, and the cheapest next step."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from urllib.parse import quote

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, listed, speaks_to_server

#: How a system stands, as the API writes it.
Told = dict[str, Any]


def maturity(
    system: Annotated[str, typer.Argument(help="Address of the ML system; default: all")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As known on this day (YYYY-MM-DD)")] = "",
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show how mature systems are: levels by column, ML Test Score, what to do next.

    Examples:

      headway maturity

      headway maturity fraud-model --as-of 2026-03-01 --json
    """
    at = _moment(as_of)
    if speaks_to_server(workspace, as_email):
        found = _there(system, at)
    else:
        found = _here(here(workspace, as_email), system, at)
    if as_json:
        print_json({"systems": found})
        return
    for one in found:
        _print(one, whole=bool(system))


def _here(place: Here, system: str, at: datetime | None) -> list[Told]:
    """Judge from the local database."""
    from headway.domain.maturity.queries import maturity_overview, system_maturity
    from headway.domain.maturity.rules import criteria_told, maturity_told, score_told

    moment = at or place.at or place.now
    found = (
        [system_maturity(place.actor, system, moment)]
        if system
        else maturity_overview(place.actor, moment)
    )
    return [
        {
            "system": one.system.slug,
            "name": one.system.name,
            "ml_test_score": score_told(one.answers),
            "models": maturity_told(one.answers),
            "criteria": criteria_told(one.answers),
            "trend": [
                {"at": point.at.isoformat(), "score": point.score, "levels": dict(point.levels)}
                for point in one.trend
            ],
        }
        for one in found
    ]


def _there(system: str, at: datetime | None) -> list[Told]:
    """Ask the server."""
    asked = {"at": at.isoformat()} if at else {}
    slugs = [system] if system else [row["slug"] for row in listed("/systems", **asked)]
    return [get(f"/systems/{quote(slug, safe='')}/maturity", **asked) for slug in slugs]


def _moment(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.max, UTC)
    except ValueError:
        sentence = f"'{day}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None


def _print(told: Told, *, whole: bool) -> None:
    score = told["ml_test_score"]
    print_line(
        f"{told['name']}: ML Test Score {score['final']:g} of 7, {score['unknown']} of 28 unknown"
    )
    sections = [
        (name, f"{value:g}", "holds the score down" if name in score["least"] else "")
        for name, value in score["sections"].items()
    ]
    print_table("Sections", ("section", "score", ""), sections)
    columns = [
        (f"{model}, {name}", str(column["level"]), (column["next"] or {}).get("name", ""))
        for model, held in told["models"].items()
        for name, column in held["columns"].items()
    ]
    print_table("Levels", ("model", "level", "cheapest next"), columns)
    if score["next"]:
        print_line(f"Next: {score['next']['name']} ({score['next']['days']:g} days)")
    if whole:
        rows = [(one["id"], one["answer"], one["sentence"]) for one in told["criteria"]]
        print_table("Criteria", ("id", "answer", "why"), rows)
