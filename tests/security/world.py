"""Two workspaces of the same shape, and a sample id for every parameter an address may have.

Whoever adds an address with a new parameter adds a line to `SAMPLES`; whoever adds a table that
people can reach adds a row to `fill`. Everything in a workspace carries its own word, so that a
leak is found by searching for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.http import int_to_base36
from tests.cast import AT, Cast, a_member, a_program, a_project

from headway.domain.accounts.actions import create_token, issue_link
from headway.domain.accounts.models import Member, OneTimeLink, Token, Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Role, Scope
from headway.domain.programs.models import Program, Project

#: The word that stands in every text of Other, and nowhere in Acme.
FOREIGN = "zebra"


@dataclass(frozen=True, slots=True)
class Side:
    """One workspace with something of everything in it."""

    workspace: Workspace
    owner: Actor
    secret: str


def fill(workspace: Workspace, owner: Actor, word: str) -> Side:
    """Put one of everything into `workspace`, each carrying `word`."""
    a_member(workspace, f"{word}-colleague", Role.CONTRIBUTOR)
    create_token(owner, f"{word} token", [Scope.READ], AT)
    secret = issue_link(
        headway_actor(workspace.id), Role.VIEWER, AT, email=f"{word}-guest@example.com"
    )
    program = a_program(workspace, f"{word}-program", target="2027-06-30")
    a_project(workspace, f"{word}-project", program=program)
    return Side(workspace, owner, secret)


def a_world(cast: Cast) -> tuple[Side, Side]:
    """Return Acme and Other, filled alike."""
    return fill(cast.acme, cast.alice, "apple"), fill(cast.other, cast.charlie, FOREIGN)


def _of(model: type, name: str = "id") -> Callable[[Side], object]:
    """Return a sampler of column `name` of the side's first row of `model` that may change."""

    def sample(side: Side) -> object:
        rows = model.objects.filter(workspace=side.workspace)
        if model is Member:
            rows = rows.filter(user__email__contains="colleague")
        return getattr(rows.get() if model is not Token else rows.first(), name)

    return sample


#: Parameter of an address → its value on a side.
SAMPLES: dict[str, Callable[[Side], object]] = {
    "workspace": lambda side: side.workspace.slug,
    "member": _of(Member),
    "token": _of(Token),
    "link": _of(OneTimeLink),
    "secret": lambda side: side.secret,
    "program": _of(Program, "slug"),
    "project": _of(Project, "slug"),
    # These belong to a person or to nobody, not to a workspace.
    "session": lambda side: 999_999,
    "provider_id": lambda side: "oidc",
    "uidb36": lambda side: int_to_base36(7),
    "key": lambda side: "no-such-key",
}

#: Fields that forms take, valid in both workspaces, so that a request gets as far as it can.
VALID: dict[str, object] = {"name": "apple", "role": "viewer"}

#: Parameters that name something of a workspace: these must not cross.
OWNED = frozenset(SAMPLES) - {"session", "provider_id", "uidb36", "key", "secret"}


def dump_of(workspace: Workspace) -> str:
    """Return a digest of every row of `workspace`, and of its members' accounts."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        if any(field.name == "workspace" for field in model._meta.get_fields()):
            rows = model.objects.filter(workspace=workspace)
        elif model is get_user_model():
            rows = model.objects.filter(memberships__workspace=workspace)
        else:
            continue
        found[model._meta.label] = sorted(json.dumps(row, default=str) for row in rows.values())
    assert sum(map(len, found.values())) > 5
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
