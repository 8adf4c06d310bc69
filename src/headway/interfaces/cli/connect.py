"""`headway next`: what to connect next, by how many open questions it answers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import get, speaks_to_server


def connect(
    workspace: Annotated[str, typer.Option(help="Workspace, where there are several")] = "",
    as_email: Annotated[str, typer.Option("--as", help="Act as this member")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Say what to connect next: a plan, MLflow, promises, a budget, risks.

    What is not due at a project's stage is not asked for.

    Examples:

      headway next

      headway next --json
    """
    if speaks_to_server(workspace, as_email):
        found = get("/connect-next")
    else:
        found = _here(here(workspace, as_email))
    if as_json:
        print_json(found)
        return
    answered = found["total"] - found["open"]
    print_line(f"{answered} of {found['total']} questions that are due have an answer.")
    for one in found["steps"]:
        reason = f": {one['reason']}" if one["reason"] else ""
        print_line(f"{one['answers']:>4}  {one['title']}{reason}.")
        print_line(f"      {one['hint']}")


def _here(place: Here) -> dict[str, Any]:
    """Return what the local workspace lacks, in the keys of the API."""
    from dataclasses import asdict

    from headway.domain.assessments.queries import connect_next
    from headway.domain.assessments.rules.connect import hint_of, reason_of, title_of

    found = connect_next(place.actor, place.now)
    return {
        "total": found.total,
        "open": found.open,
        "steps": [
            {
                "step": str(one.step),
                "title": title_of(one.step),
                "reason": reason_of(one),
                "hint": hint_of(one.step),
                "answers": one.answers,
                "questions": list(one.questions),
                "places": [asdict(place_) for place_ in one.places],
            }
            for one in found.steps
        ],
    }
