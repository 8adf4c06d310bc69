"""The sample's money: months of each line, the agreed budget, what moved in it, what is owed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.actions import issue_link, use_link
from headway.domain.accounts.queries import actor_for_user, headway_actor
from headway.domain.accounts.rules import Actor, Function, Role
from headway.domain.finance.actions import (
    agree_budget,
    answer_budget_change,
    request_budget_change,
    set_accrual,
    set_budget_line,
    set_exchange_rate,
)

Event = tuple[datetime, int, Callable[[], object]]


class _Money:
    """The money of the story, and who answers for finance."""

    def __init__(self, owner: Actor, slug: str, program: str, told: Mapping[str, Any]) -> None:
        self.owner, self.slug, self.program, self.told = owner, slug, program, told
        self.finance = owner

    def begin(self, at: datetime) -> None:
        """Let finance in, and say of each line whose it is and when it is meant to be spent."""
        person = self.told["finance"]
        house = headway_actor(self.owner.workspace_id)
        functions = [Function.FINANCE]
        secret = issue_link(
            house, Role.APPROVER, at, email=person["email"], purpose="sample", functions=functions
        )
        user = use_link(secret, at, name=person["name"])
        self.finance = actor_for_user(user.id, self.slug)
        for key, values in self.told["lines"].items():
            set_budget_line(self.owner, self.program, key, dict(values), at)

    def ask(self, told: Mapping[str, Any]) -> None:
        """Ask for a change; where the story knows the answer, finance gives it."""
        values = {name: value for name, value in told.items() if name not in ("at", "approved")}
        made = request_budget_change(self.owner, self.program, values, told["at"])
        if "approved" in told:
            place = (self.program, made.key)
            at, note = told["approved"]["at"], told["approved"]["note"]
            answer_budget_change(self.finance, place, "approved", at, note=note)


def money_events(
    owner: Actor, slug: str, program: str, story: Mapping[str, Any]
) -> Iterator[Event]:
    """Yield what happened to the budget of the sample's program, each at its time."""
    told, began = story["money"], story["history"]["began"]
    money = _Money(owner, slug, program, told)
    yield (began, 0, partial(money.begin, began))
    agreed = told["agreed"]
    give = partial(agree_budget, owner, program, agreed["at"], reason=agreed["reason"])
    yield (agreed["at"], 9, give)
    for change in told["changes"]:
        yield (change["at"], 9, partial(money.ask, change))
    for rate in told["rates"]:
        pair = (rate["base"], rate["quote"], rate["day"])
        values = {"rate": rate["rate"], "source": rate["source"]}
        yield (rate["at"], 9, partial(set_exchange_rate, owner, pair, values, rate["at"]))
    for owed in told["accruals"]:
        values = {name: value for name, value in owed.items() if name != "at"}
        yield (owed["at"], 9, partial(set_accrual, owner, (program, ""), values, owed["at"]))
