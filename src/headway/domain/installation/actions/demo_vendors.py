"""The part of the sample's story with its vendors: terms, orders, what came, what was billed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

import yaml

from headway.domain.accounts.actions import issue_link, use_link
from headway.domain.accounts.models import User
from headway.domain.accounts.queries import actor_for_user, headway_actor
from headway.domain.accounts.rules import Actor, Function, Role
from headway.domain.programs.queries import program_named
from headway.domain.vendors.actions import (
    answer_vendor_approval,
    record_review,
    request_vendor_approvals,
    set_contract,
    set_order,
    set_vendor,
    set_vendor_member,
    set_vendor_rules,
    submit_invoice,
)
from headway.domain.vendors.queries import order_named, vendor_approvals_waiting

Event = tuple[datetime, int, Callable[[], object]]


class _Vendors:
    """The vendors of the story, and the people who answer about them."""

    def __init__(self, owner: Actor, slug: str, program: str, told: Mapping[str, Any]) -> None:
        self.owner, self.slug, self.program, self.told = owner, slug, program, told

    def join(self, person: Mapping[str, Any]) -> None:
        """Let somebody in; who works for a vendor is tied to it."""
        house = headway_actor(self.owner.workspace_id)
        secret = issue_link(
            house,
            Role(person["role"]),
            person["at"],
            email=person["email"],
            purpose="sample",
            functions=[Function(one) for one in person["functions"]],
        )
        user = use_link(secret, person["at"], name=person["name"])
        member = actor_for_user(user.id, self.slug)
        if person.get("vendor") and member.member_id is not None:
            set_vendor_member(self.owner, member.member_id, person["vendor"], person["at"])

    def person(self, key: str) -> Actor:
        """Return somebody of the story by their key, however they were let in."""
        host = self.told["members"].get(key, {"email": f"{key}@headway.invalid"})["email"]
        return actor_for_user(User.objects.get(email=host).id, self.slug)

    def vendor(self, told: Mapping[str, Any]) -> None:
        """Write a vendor down with its contracts."""
        at = told["at"]
        set_vendor(self.owner, told["key"], told["fields"], at, is_sample=True)
        for key, terms in told["contracts"].items():
            set_contract(self.owner, told["key"], key, terms, at)

    def order(self, told: Mapping[str, Any]) -> None:
        """Order something."""
        set_order(self.owner, self.program, told["key"], told["fields"], told["at"])

    def review(self, told: Mapping[str, Any]) -> None:
        """Record what was looked at of a contract."""
        vendor, contract = told["contract"]
        record_review(self.owner, (vendor, contract), told["item"], told["fields"], told["at"])

    def bill(self, told: Mapping[str, Any]) -> None:
        """Let somebody of a vendor send an invoice."""
        program = program_named(self.owner, self.program)
        lines = [
            {**line, "order": str(order_named(self.owner, program, line["order"]).id)}
            for line in told["lines"]
        ]
        submit_invoice(self.person(told["by"]), {**told["fields"], "lines": lines}, told["at"])

    def ask(self, told: Mapping[str, Any]) -> None:
        """Ask functions."""
        request_vendor_approvals(self.owner, told["subject"], told["functions"], told["at"])

    def answer(self, told: Mapping[str, Any]) -> None:
        """Let somebody answer for a function that was asked."""
        by = self.person(told["by"])
        asked = next(
            one.ask
            for one in vendor_approvals_waiting(by, told["at"])
            if (one.ask.subject, one.ask.function) == (told["subject"], told["function"])
        )
        values = {"decision": told["decision"], "statement": told["statement"]}
        answer_vendor_approval(by, asked.id, values, told["at"])


def vendor_events(owner: Actor, slug: str, program: str) -> Iterator[Event]:
    """Yield what happened with the sample's vendors, each at its time."""
    folder = resources.files("headway.domain.installation").joinpath("demo")
    told = yaml.safe_load(folder.joinpath("vendors.yaml").read_text("utf-8"))
    story = _Vendors(owner, slug, program, told)
    rules = {name: value for name, value in told["rules"].items() if name != "at"}
    at = told["rules"]["at"]
    yield (at, 2, partial(set_vendor_rules, owner, rules, at))
    steps: tuple[tuple[str, int, Callable[[Mapping[str, Any]], None]], ...] = (
        ("vendors", 3, story.vendor),
        ("orders", 4, story.order),
        ("reviews", 5, story.review),
        ("invoices", 5, story.bill),
        ("asked", 6, story.ask),
        ("answered", 7, story.answer),
    )
    for person in told["members"].values():
        yield (person["at"], 4, partial(story.join, person))
    for name, rank, act in steps:
        for one in told[name]:
            yield (one["at"], rank, partial(act, one))
