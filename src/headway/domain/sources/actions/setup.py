"""Connecting, changing and disconnecting sources. What they gave stays in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from headway.connectors.registry import WORK_KINDS, checked_options, connect, connect_work
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.models import Project
from headway.domain.sources.actions.sync import options_of, outbound
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft, conceal, keeps_secret
from headway.errors import Conflict, Invalid, NotFound


def own_source(actor: Actor, name: str) -> Source:
    """Return the source of this name, locked. Raises NotFound across workspaces."""
    source = (
        Source.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(workspace_id=actor.workspace_id, name=name)
        .first()
    )
    if source is None:
        sentence = f"There is no source '{name}' in this workspace."
        raise NotFound(sentence)
    return source


@transaction.atomic
def add_source(actor: Actor, draft: SourceDraft, at: datetime) -> Source:
    """Connect another system, read only. Nothing is read yet: the worker does, at its next tick."""
    require(actor, Permission.SOURCE)
    name = draft.name.strip()
    if not name or slugify(name) != name or len(name) > 60:
        sentence = f"The name {draft.name!r} must be lower-case letters, digits and hyphens."
        raise Invalid(sentence)
    if Source.objects.filter(workspace_id=actor.workspace_id, name=name).exists():
        sentence = f"There is a source '{name}' already; choose another name or change that one."
        raise Conflict(sentence)
    source = Source(workspace_id=actor.workspace_id, name=name, kind=draft.kind)
    _apply(actor, source, draft)
    source.wanted_at = at
    source.save()
    write_audit(actor, "add_source", name, at, kind=draft.kind, url=draft.url)
    return source


@transaction.atomic
def edit_source(
    actor: Actor, name: str, draft: SourceDraft, at: datetime, *, version: int | None = None
) -> Source:
    """Change a connection. A new host, scheme or port drops the stored secret: enter it again.

    What a tracker told is then dropped too; in another project it is imported anew by a person.
    """
    require(actor, Permission.SOURCE)
    source = own_source(actor, name)
    if version is not None and version != source.version:
        sentence = f"Source '{name}' changed meanwhile (version {source.version}, not {version})."
        raise Conflict(sentence)
    before, project = source.url, source.project_id
    if not keeps_secret(before, draft.url):
        source.secret = None
        source.cursor = {}
        source.items.all().delete()  # of another server: its keys mean other things
        source.follows, source.imported_at = False, None
    _apply(actor, source, draft)
    if source.project_id != project:
        source.items.update(brought=None, brought_before=None, brought_at=None)
        source.follows, source.imported_at = False, None
    source.version += 1
    source.failures_in_a_row, source.failure, source.is_enabled = 0, "", True
    source.save()
    write_audit(actor, "edit_source", name, at, before=before, after=draft.url)
    return source


def _apply(actor: Actor, source: Source, draft: SourceDraft) -> None:
    """Put a draft into a row; its options and address are checked by the connector's own rules."""
    project = Project.objects.filter(workspace_id=actor.workspace_id, slug=draft.project).first()
    if draft.project and project is None:
        sentence = f"There is no project '{draft.project}' in this workspace."
        raise NotFound(sentence)
    options = dict(draft.options)
    checked_options(draft.kind, {**options, "url": draft.url, "token": draft.secret or None})
    source.url = draft.url.strip()
    source.project = project
    source.options = options
    source.every_minutes = max(1, draft.every_minutes)
    if draft.secret is not None:
        source.secret = conceal(draft.secret, settings.SOURCE_KEY) if draft.secret else None
    if draft.webhook_secret is not None:
        kept = conceal(draft.webhook_secret, settings.SOURCE_KEY) if draft.webhook_secret else None
        source.webhook_secret = kept


@transaction.atomic
def disconnect_source(actor: Actor, name: str, at: datetime) -> None:
    """Stop reading a source and forget its secrets. Its evidence, plan and cursor stay."""
    require(actor, Permission.SOURCE)
    source = own_source(actor, name)
    source.is_enabled, source.secret, source.webhook_secret = False, None, None
    source.version += 1
    source.save()
    write_audit(actor, "disconnect_source", name, at)


@transaction.atomic
def ask_sync(actor: Actor, name: str, at: datetime) -> None:
    """Ask for a source to be read at the worker's next tick, not in the web request."""
    require(actor, Permission.SYNC)
    source = own_source(actor, name)
    source.wanted_at = at
    source.save(update_fields=["wanted_at"])
    write_audit(actor, "ask_sync", name, at)


def check_source(actor: Actor, name: str) -> str:
    """Ask a source once, with its stored secret, and return a sentence on what was found.

    Raises SourceError when it does not answer as it should.
    """
    require(actor, Permission.SOURCE)
    rows = Source.objects.select_related("project").filter(workspace_id=actor.workspace_id)
    source = rows.filter(name=name).first()
    if source is None:
        sentence = f"There is no source '{name}' in this workspace."
        raise NotFound(sentence)
    make = connect_work if source.kind in WORK_KINDS else connect
    with outbound() as client:
        return make(source.kind, options_of(source), client).check()
