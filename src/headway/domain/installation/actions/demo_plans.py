"""What the sample's people agreed: baselines, each on the day of its forecast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.plans.actions import set_baseline

Event = tuple[datetime, int, Callable[[], object]]


def planning_events(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield each plan that was agreed, after the forecast of its moment was made."""
    for agreed in story["baselines"]:
        values = {name: value for name, value in agreed.items() if name != "at"}
        yield (agreed["at"], 9, partial(set_baseline, actor, program, values, agreed["at"]))
