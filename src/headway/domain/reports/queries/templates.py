"""The decks that a workspace keeps as templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.reports.models import DeckTemplate
from headway.errors import NotFound
from headway.rendering.report.template import TemplateFacts


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template in a list; `sentence` says what it cannot carry."""

    id: UUID
    name: str
    digest: str
    size: int
    places: Sequence[str]
    unknown: Sequence[str]
    is_default: bool
    author: str
    at: datetime
    sentence: str


def templates_of(actor: Actor) -> Sequence[TemplateLine]:
    """Return the templates of the actor's workspace, by name."""
    require(actor, Permission.VIEW)
    rows = _standing(actor).defer("data").order_by("name")
    return [template_line(row) for row in rows]


def template_named(actor: Actor, name: str) -> DeckTemplate:
    """Return the template of that name. Raises NotFound with the names there are."""
    require(actor, Permission.VIEW)
    row = _standing(actor).filter(name=name).first()
    if row is None:
        known = ", ".join(_standing(actor).order_by("name").values_list("name", flat=True)[:10])
        sentence = f"There is no template '{name[:100]}'; there is {known or 'none yet'}."
        raise NotFound(sentence)
    return row


def default_template(actor: Actor) -> DeckTemplate | None:
    """Return the template that decks are laid out on unless another is named."""
    require(actor, Permission.VIEW)
    return _standing(actor).filter(is_default=True).first()


def _standing(actor: Actor) -> QuerySet[DeckTemplate]:
    return DeckTemplate.objects.filter(workspace_id=actor.workspace_id, retired_at__isnull=True)


def template_line(row: DeckTemplate) -> TemplateLine:
    """Return a template as a frozen value."""
    facts = TemplateFacts(tuple(row.places), tuple(row.unknown))
    return TemplateLine(
        row.id,
        row.name,
        row.digest,
        row.size,
        tuple(row.places),
        tuple(row.unknown),
        row.is_default,
        row.author,
        row.at,
        facts.sentence(),
    )
