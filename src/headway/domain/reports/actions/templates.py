"""Keeping a user's own deck, and letting one go."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules.fields import text
from headway.domain.reports.models import DeckTemplate
from headway.domain.reports.queries.templates import TemplateLine, template_line, template_named
from headway.errors import Invalid
from headway.rendering.report.template import read_template

_text = text(100, required=True)


def _read_name(name: str) -> str:
    """Return a template's name on one line; it stands in addresses, so that it has no slash."""
    found = " ".join(str(_text("name", name)).split())
    if "/" in found or "\\" in found:
        sentence = f"The name '{found}' has a slash; call the template without one."
        raise Invalid(sentence)
    return found


def keep_template(
    actor: Actor, name: str, data: bytes, at: datetime, *, is_default: bool = False
) -> TemplateLine:
    """Keep a deck under a name; one of that name gives way, and its frozen packs keep it.

    The same deck under the same name changes nothing. Raises Invalid when it is no PPTX that we
    take: too large, with macros, with links to the outside.
    """
    require(actor, Permission.REPORT)
    called = _read_name(name)
    facts = read_template(data, called)
    return _kept(actor, called, data, at, (facts.places, facts.unknown, is_default))


@transaction.atomic
def _kept(
    actor: Actor,
    name: str,
    data: bytes,
    at: datetime,
    told: tuple[tuple[str, ...], tuple[str, ...], bool],
) -> TemplateLine:
    places, unknown, is_default = told
    # One at a time, so that a name stands once and one is the default.
    Workspace.objects.select_for_update().get(id=actor.workspace_id)
    mine = DeckTemplate.objects.filter(workspace_id=actor.workspace_id, retired_at__isnull=True)
    sealed = hashlib.sha256(data).hexdigest()
    standing = mine.filter(name=name).defer("data").first()
    if is_default:
        mine.filter(is_default=True).exclude(name=name).update(is_default=False)
    if standing is not None and standing.digest == sealed:
        if is_default and not standing.is_default:
            standing.is_default = True
            standing.save(update_fields=["is_default"])
            write_audit(actor, "keep_template", name, at, digest=sealed, is_default=True)
        return template_line(standing)
    was_default = standing is not None and standing.is_default
    if standing is not None:
        standing.retired_at, standing.is_default = at, False
        standing.save(update_fields=["retired_at", "is_default"])
    row = DeckTemplate.objects.create(
        workspace_id=actor.workspace_id,
        name=name,
        digest=sealed,
        data=data,
        size=len(data),
        places=list(places),
        unknown=list(unknown),
        is_default=is_default or was_default,
        author=actor.label,
        at=at,
    )
    write_audit(actor, "keep_template", name, at, digest=sealed, is_default=row.is_default)
    return template_line(row)


@transaction.atomic
def retire_template(actor: Actor, name: str, at: datetime) -> None:
    """Let a template go: new packs cannot use it, frozen ones keep it."""
    require(actor, Permission.REPORT)
    row = template_named(actor, name)
    row.retired_at, row.is_default = at, False
    row.save(update_fields=["retired_at", "is_default"])
    write_audit(actor, "retire_template", name, at, digest=row.digest)
