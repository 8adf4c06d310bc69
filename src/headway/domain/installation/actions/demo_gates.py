"""The part of the sample's story at the gates: what is asked, waived and decided, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any
from uuid import UUID

import yaml

from headway.domain.accounts.actions import issue_link, use_link
from headway.domain.accounts.queries import actor_for_user, headway_actor
from headway.domain.accounts.rules import Actor, Function, Role
from headway.domain.gates.actions import (
    add_gate_template,
    answer_approval,
    decide_gate,
    edit_gate,
    grant_waiver,
    open_gates,
    request_approvals,
)
from headway.domain.gates.queries import approvals_waiting, project_gates
from headway.domain.plans.queries import item_named
from headway.domain.programs.queries import project_named

Event = tuple[datetime, int, Callable[[], object]]

#: What an entry says besides the fields that the action takes.
_PLACE = ("at", "project", "stage", "by")


class _Gates:
    """The gates of the story, and the people who decide there."""

    def __init__(self, owner: Actor, slug: str, told: Mapping[str, Any]) -> None:
        self.owner, self.slug, self.told = owner, slug, told
        self.people: dict[str, Actor] = {}

    def join(self, at: datetime) -> None:
        """Let those in who answer and decide besides the owner."""
        house = headway_actor(self.owner.workspace_id)
        for key, person in self.told["members"].items():
            secret = issue_link(
                house,
                Role(person["role"]),
                at,
                email=person["email"],
                purpose="sample",
                functions=[Function(one) for one in person["functions"]],
            )
            user = use_link(secret, at, name=person["name"])
            self.people[key] = actor_for_user(user.id, self.slug)

    def write(self, template: Mapping[str, Any]) -> None:
        """Add a template of the sample's own."""
        rules = {name: value for name, value in template.items() if name != "at"}
        text = yaml.safe_dump(rules, sort_keys=False, allow_unicode=True)
        add_gate_template(self.owner, text, template["at"], reason="(sample)")

    def set_up(self, project: str, told: Mapping[str, Any], release: UUID) -> None:
        """Open the gates of a release, and say what waits for them."""
        at, stages = told["at"], told["stages"]
        open_gates(self.owner, release, told["template"], at, stages=stages)
        values = {"owner": told["owner"], "subject": told["subject"], "due": told.get("due")}
        for stage in stages:
            waits = told["milestones"].get(stage)
            more = {"milestone": self._item(project, waits)} if waits else {}
            edit_gate(self.owner, self.gate(project, stage, at), {**values, **more}, at)

    def _item(self, project: str, key: str) -> str:
        return str(item_named(self.owner, project_named(self.owner, project), key).id)

    def gate(self, project: str, stage: str, at: datetime) -> UUID:
        """Return the gate before a stage of a project's release."""
        gates = project_gates(self.owner, project, at)
        return next(one.gate.id for one in gates if one.gate.stage == stage)

    def at_gate(self, act: Callable[..., object], told: Mapping[str, Any]) -> None:
        """Let somebody do something at a gate."""
        values = {name: value for name, value in told.items() if name not in _PLACE}
        gate = self.gate(told["project"], told["stage"], told["at"])
        act(self.people[told["by"]], gate, values, told["at"])

    def ask(self, told: Mapping[str, Any]) -> None:
        """Ask functions to approve."""
        gate = self.gate(told["project"], told["stage"], told["at"])
        request_approvals(self.owner, gate, told["functions"], told["at"])

    def answer(self, told: Mapping[str, Any]) -> None:
        """Let somebody answer for a function that was asked."""
        gate, by = self.gate(told["project"], told["stage"], told["at"]), self.people[told["by"]]
        waiting = approvals_waiting(by, told["at"])
        asked = next(
            one.request
            for one in waiting
            if one.request.gate_id == gate and one.request.function == told["function"]
        )
        values = {"decision": told["decision"], "statement": told["statement"]}
        answer_approval(by, asked.id, values, told["at"])


def gate_events(owner: Actor, slug: str, releases: Mapping[str, UUID]) -> Iterator[Event]:
    """Yield what happened at the gates of the sample's releases (by project), each at its time."""
    folder = resources.files("headway.domain.installation").joinpath("demo")
    told = yaml.safe_load(folder.joinpath("gates.yaml").read_text("utf-8"))
    gates = _Gates(owner, slug, told)
    first = min(one["at"] for one in told["templates"])
    yield (first, 3, partial(gates.join, first))
    for template in told["templates"]:
        yield (template["at"], 4, partial(gates.write, template))
    for project, one in told["gates"].items():
        yield (one["at"], 5, partial(gates.set_up, project, one, releases[project]))
    for one in told["asked"]:
        yield (one["at"], 6, partial(gates.ask, one))
    for one in told["answered"]:
        yield (one["at"], 6, partial(gates.answer, one))
    for act, entries in ((grant_waiver, told["waived"]), (decide_gate, told["decided"])):
        for one in entries:
            yield (one["at"], 7, partial(gates.at_gate, act, one))
