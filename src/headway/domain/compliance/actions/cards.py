"""Writing words into cards, taking them back, and putting a card on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from headway.analysis.cards import CardAnswer, CardKind, check_card
from headway.analysis.verdicts import Verdict
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import CardText
from headway.domain.compliance.queries.card_reading import words_of
from headway.domain.compliance.queries.cards import (
    FrozenCard,
    card_words,
    datasheet_page,
    frozen_cards,
    model_card_page,
    require_about,
)
from headway.domain.compliance.rules.cards import WORDS_FIELDS, CardDocument, Words, place_of
from headway.domain.compliance.rules.cards.files import card_markdown
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.rules.fields import clean
from headway.errors import Invalid, NotFound
from headway.observation import Observation, SubjectRef


@transaction.atomic
def write_card(
    actor: Actor,
    about: str,
    place: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> Words:
    """Write words (WORDS_FIELDS) for a place of the card of `about`, as a person's own.

    `about` is `model:name`, `dataset:name` or `system:slug`. An empty text takes them away; the
    former ones stay in the history. Raises Invalid for a place that no such card has.
    """
    require(actor, Permission.EVIDENCE)
    require_about(actor, about, at)
    place_of(about, place)
    fields: dict[str, object] = clean(values, WORDS_FIELDS)
    rows = CardText.objects.select_for_update()
    row = rows.filter(workspace_id=actor.workspace_id, about=about, place=place).first()
    by = {"author": actor.label[:200], "said_at": at}
    if row is None:
        made = CardText(
            workspace_id=actor.workspace_id,
            about=about,
            place=place,
            **{"text": "", **fields},
            **by,
        )
        return words_of(add_row(actor, made, at, "write_card", about=about, place=place, **fields))
    is_new = any(getattr(row, field) != value for field, value in fields.items())
    change_row(actor, row, {**fields, **(by if is_new else {})}, at, "write_card", version)
    return words_of(row)


@transaction.atomic
def restore_card_words(actor: Actor, about: str, place: str, version: int, at: datetime) -> Words:
    """Write again what stood at a place at an earlier `version`; 0 is nothing. The undo."""
    require(actor, Permission.EVIDENCE)
    place_of(about, place)
    if version == 0:
        standing = card_words(actor, about, place)
        cleared = {"text": "", "review_by": None}
        return write_card(actor, about, place, cleared, at, version=standing.version)
    rows = CardText.objects.filter(workspace_id=actor.workspace_id, about=about, place=place)
    row = rows.first()
    if row is None:
        sentence = f"Nobody wrote anything for '{place}' of {about} yet."
        raise NotFound(sentence)
    return words_of(put_back(actor, CardText, version, at, id=row.id))


@transaction.atomic
def record_card(actor: Actor, about: str, at: datetime, *, version: str = "") -> FrozenCard:
    """Check the card of `about` as it is written now, and put the answer on record for gates.

    The record holds until the first of the card's statements runs out: a card whose evidence
    expired is no complete card any more. Raises Invalid for what has no such card.
    """
    require(actor, Permission.EVIDENCE)
    kind, _, name = about.partition(":")
    if kind not in ("model", "dataset") or not name:
        sentence = f"A card is about model:NAME or dataset:NAME, not {about[:80]!r}."
        raise Invalid(sentence)
    page = (
        model_card_page(actor, name, at, version=version)
        if kind == "model"
        else datasheet_page(actor, name, at)
    )
    document = page.document
    answer = check_card(card_markdown(document).encode(), f"{name}.md", CardKind(kind))
    payload = _payload(document, answer)
    observation = Observation(
        SubjectRef.parse(document.about), "card", "headway", at, payload, document.until
    )
    outcome = record_evidence(actor, [observation], at)
    write_audit(actor, "record_card", document.about, at, completeness=payload["completeness"])
    newest = frozen_cards(actor, about)
    return next((one for one in newest if one.record in outcome.sequences), newest[0])


def _payload(document: CardDocument, answer: CardAnswer) -> dict[str, object]:
    """Return what goes on record: what the check found, less what has gone stale in the card.

    A file cannot tell that its evidence ran out; the card it was written from can.
    """
    stale = {one.key for one in document.sections if one.verdict is Verdict.STALE}
    why = "Something in it has gone stale: renew its evidence, or review its words."
    sections = [
        replace(one, verdict=Verdict.INSUFFICIENT, sentence=why)
        if one.name in stale and one.verdict is Verdict.MET
        else one
        for one in answer.sections
    ]
    return replace(answer, format="headway", sections=tuple(sections)).as_evidence()
