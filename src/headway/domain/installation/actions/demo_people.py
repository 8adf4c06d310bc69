"""The part of the sample's story in which people say what they can do, and whom the plan wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.people.actions.skills import (
    set_certification,
    set_skill_need,
    set_skills,
)
from headway.domain.people.actions.staffing import add_operations_load, set_opening

Event = tuple[datetime, int, Callable[[], object]]


def people_events(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield when skills, certificates, loads and the opening were written down."""
    told = story["staffing"]
    yield (told["at"], 4, partial(_tell, actor, program, told, told["at"]))


def _tell(actor: Actor, program: str, told: Mapping[str, Any], at: datetime) -> None:
    for key, skills in told["skills"].items():
        set_skills(actor, key, skills, at)
    for sort, about, skill, level in told["needs"]:
        set_skill_need(actor, (sort, about, skill), level, at)
    for key, name, fields in told["certificates"]:
        set_certification(actor, key, name, fields, at)
    for load in told["loads"]:
        values = {name: value for name, value in load.items() if name != "system"}
        add_operations_load(actor, load["system"], values, at)
    for key, values in told["openings"].items():
        set_opening(actor, key, values, at, program=program)
