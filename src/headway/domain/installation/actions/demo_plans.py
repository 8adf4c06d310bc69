"""What the sample's people agreed and tried on its day, and whom two projects need at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import (
    propose_levelling,
    scenario_from_option,
    set_baseline,
    set_need,
    set_scenario,
)

Event = tuple[datetime, int, Callable[[], object]]


def planning_events(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield each plan that was agreed, after the forecast of its moment, and what was tried."""
    for agreed in story["baselines"]:
        values = {name: value for name, value in agreed.items() if name != "at"}
        yield (agreed["at"], 9, partial(set_baseline, actor, program, values, agreed["at"]))
    for tried in story["scenarios"]:
        yield (tried["at"], 9, _tried(actor, program, tried))
    yield from _levelled(actor, program, story)


def _tried(actor: Actor, program: str, tried: Mapping[str, Any]) -> Callable[[], object]:
    """Return how a scenario was written down: from an option of a decision, or by itself."""
    at = tried["at"]
    if "option" in tried:
        decision, option = tried["option"]
        return partial(scenario_from_option, actor, program, (decision, option), at)
    values = {name: value for name, value in tried.items() if name not in ("at", "key")}
    return partial(set_scenario, actor, program, tried["key"], values, at)


def _levelled(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield who is needed twice, from the beginning on, and the proposal that waits."""
    told, began = story["levelled"], story["history"]["began"]
    name, values = told["resource"], {"capacity": told["capacity"]}
    yield (began, 0, partial(set_resource, actor, program, name, values, began))
    for address, units in told["needs"].items():
        yield (began, 1, partial(set_need, actor, address, name, units, began))
    at = told["at"]
    yield (at, 12, partial(propose_levelling, actor, program, {"seconds": 0}, at, at))
