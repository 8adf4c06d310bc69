"""Making and naming workspaces."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.rules import Actor, Permission, Role, require
from headway.errors import Conflict, Invalid


@transaction.atomic
def create_workspace(
    name: str,
    at: datetime,
    *,
    slug: str = "",
    is_sample: bool = False,
    pinned_at: datetime | None = None,
) -> Workspace:
    """Make an empty workspace. Raises Invalid without a name, Conflict when the slug is taken."""
    name = name.strip()
    slug = slug or slugify(name)[:60]
    if not name or not slug:
        sentence = f"A workspace needs a name with letters or digits; {name!r} has none."
        raise Invalid(sentence)
    if Workspace.objects.filter(slug=slug).exists():
        sentence = f"A workspace with the address '{slug}' exists already; choose another name."
        raise Conflict(sentence)
    workspace = Workspace.objects.create(
        name=name, slug=slug, created_at=at, is_sample=is_sample, pinned_at=pinned_at
    )
    actor = Actor(workspace.id, Role.OWNER, "headway", kind="headway")
    write_audit(actor, "create_workspace", workspace.slug, at, name=name)
    return workspace


@transaction.atomic
def rename_workspace(actor: Actor, name: str, at: datetime) -> Workspace:
    """Give the actor's workspace another name; its address stays."""
    require(actor, Permission.MEMBERS)
    workspace = Workspace.objects.select_for_update().get(id=actor.workspace_id)
    if not name.strip():
        sentence = "A workspace needs a name; the one given is empty."
        raise Invalid(sentence)
    write_audit(actor, "rename_workspace", workspace.slug, at, before=workspace.name, after=name)
    workspace.name = name.strip()
    workspace.save(update_fields=["name"])
    return workspace
