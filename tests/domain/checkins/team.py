"""A program with Bob's work in it, and people on the roster."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cast import AT, Cast

from headway.domain.accounts.rules import Actor
from headway.domain.checkins.rules import ItemAnswer
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import add_item, edit_item, make_forecast
from headway.domain.plans.queries import item_named
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import project_named

#: When people are asked while nobody said otherwise: the Thursday of the week of AT, at ten.
THURSDAY = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def a_team(cast: Cast) -> None:
    """Put Bob (who signs in) and Dana (who does not) on the roster, each with work."""
    set_person(cast.mia, "bob", {"name": "Bob Poe", "email": "bob@example.com"}, AT)
    set_person(cast.mia, "dana", {"name": "Dana Roe", "email": "dana@example.com"}, AT)
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    work(cast.mia, "label", "dana", started=AT.date(), remaining=[5, 8, 12])
    work(cast.mia, "train", "bob")
    work(cast.mia, "ship", "Bob Poe", not_before="2027-03-01")
    make_forecast(cast.mia, "fraud", AT, trials=100)


def work(actor: Actor, key: str, owner: str, **values: object) -> ItemFacts:
    """Add an item that `owner` does."""
    start = {"name": key.title(), "owner": owner, "estimate": [5, 8, 12]}
    return add_item(actor, "scores", key, {**start, **values}, AT)


def item(actor: Actor, key: str) -> ItemFacts:
    """Return an item as it stands."""
    return item_named(actor, project_named(actor, "scores"), key)


def says(key: str, version: int | None = None, **said: object) -> ItemAnswer:
    """Return what is said of an item."""
    return ItemAnswer("scores", key, version, said)


def finish(actor: Actor, key: str, at: datetime) -> None:
    """Let an item be done."""
    held = item(actor, key)
    changes = {"finished": at.date(), "started": held.started or at.date(), "remaining": None}
    edit_item(actor, ("scores", key), changes, at)
