"""Whom the sample's people work for, who is still wanted, and what its compute pool offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.people.actions.allocations import set_allocation
from headway.domain.people.actions.pools import set_pool
from headway.domain.people.actions.requests import set_request

Event = tuple[datetime, int, Callable[[], object]]


def capacity_events(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield each allocation, request and pool of the story, on the day somebody wrote it down."""
    told = story["capacity"]
    for row in told["allocations"]:
        values = {name: value for name, value in row.items() if name != "at"}
        yield (row["at"], 4, partial(set_allocation, actor, "", values, row["at"]))
    for row in told["requests"]:
        values = {name: value for name, value in row.items() if name not in ("at", "key")}
        yield (row["at"], 4, partial(set_request, actor, program, row["key"], values, row["at"]))
    for row in told["pools"]:
        values = {name: value for name, value in row.items() if name not in ("at", "resource")}
        given = partial(set_pool, actor, program, row["resource"], values, row["at"])
        yield (row["at"], 4, given)
