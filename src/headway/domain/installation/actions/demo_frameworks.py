"""The part of the sample's story about frameworks: a policy in two versions, who is held to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.compliance.actions.frameworks import (
    assign_pack,
    attest_control,
    set_applicability,
)
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.rules.assigning import PolicyDraft

Event = tuple[datetime, int, Callable[[], object]]


def framework_events(actor: Actor, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield how the policy was written, what is held to which framework, and what was answered."""
    told = story["frameworks"]
    for place, version in enumerate(told["policies"]):
        yield (version["at"], 3, partial(_write, actor, version, is_new=place == 0))
    for held in told["assigned"]:
        where = _place(held)
        owner = held.get("owner", "")
        yield (held["at"], 4, partial(assign_pack, actor, where, held["at"], owner=owner))
    for said in told["answers"]:
        act = set_applicability if "way" in said["values"] else attest_control
        values = dict(said["values"])
        answer = partial(act, actor, _place(said), said["control"], values, said["at"])
        yield (said["at"], 5, answer)


def _place(told: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the framework, and the kind and the address of what is held to it."""
    framework, kind, slug = str(told["place"]).split("/")
    return framework, kind, slug


def _write(actor: Actor, version: Mapping[str, Any], *, is_new: bool) -> None:
    folder = resources.files("headway.domain.installation").joinpath("demo", "policies")
    text = folder.joinpath(str(version["file"])).read_text("utf-8")
    draft = PolicyDraft(text, version["effective_from"], version["reason"], version["owner"])
    key = "" if is_new else "release-policy"
    add_policy_version(actor, key, draft, version["at"])
