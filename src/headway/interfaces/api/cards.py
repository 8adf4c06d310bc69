"""Model cards, datasheets and Annex IV files: written from evidence at each request."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Actor, Permission
from headway.domain.compliance.actions import record_card, write_card
from headway.domain.compliance.queries import (
    CardLine,
    FrozenCard,
    annex_iv_file,
    card_lines,
    card_words,
    datasheet_page,
    model_card_page,
)
from headway.domain.compliance.rules.cards import CardDocument, Words
from headway.domain.compliance.rules.cards.files import card_json, card_markdown, card_page
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import File, documented, operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of
from headway.rendering.report import as_html_document, as_pdf

router = Router(tags=["Cards"])

_TYPES = {
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}
_FILES = {"description": "The card", "content": {kind: {} for kind in _TYPES.values()}}


class CardAsked(At):
    """Which version of a model, and as what."""

    version: Annotated[
        str, Field(max_length=200, description="Of a model; default: the newest.")
    ] = ""
    format: Annotated[
        Literal["json", "md", "html", "pdf"], Field(description="json, md, html or pdf.")
    ] = "json"


class PlaceAsked(At):
    """Which place of a card."""

    place: Annotated[
        str, Field(max_length=40, description="Such as uses, ethics, caveats, oversight.")
    ] = "uses"


class WordsBody(Given):
    """Words for a place of a card, and the day until which they need not be reviewed."""

    text: str | None = None
    review_by: date | None = None


class RecordBody(Given):
    """Which version of a model; default: the newest."""

    version: str = ""


def document_about(
    actor: Actor, about: str, asked: CardAsked, now: datetime, moment: datetime | None
) -> CardDocument:
    """Return the card of `model:name`, `dataset:name` or `system:slug`. Raises NotFound."""
    kind, _, name = about.partition(":")
    at = moment or now
    if kind == "model":
        page = model_card_page(actor, name, at, version=asked.version, known_at=moment)
        return page.document
    if kind == "dataset":
        return datasheet_page(actor, name, at, known_at=moment).document
    if kind == "system":
        return annex_iv_file(actor, name, at, known_at=moment)
    sentence = f"A card is about model:NAME, dataset:NAME or system:SLUG, not {about[:80]!r}."
    raise NotFound(sentence)


@operation(router, "GET", "/cards", Permission.VIEW, Page[CardLine])
def list_cards(request: ApiRequest, asked: Query[AskedAt]) -> Page[CardLine]:
    """List the cards of models and datasets with how each stands, by what it is about."""
    moment = asked.moment(request)
    lines = card_lines(request.auth, moment or request.now, known_at=moment)
    ordered = sorted(lines, key=lambda line: line.about)
    return page_of(ordered, lambda line: line.about, asked)


@operation(router, "GET", "/cards/{path:about}", Permission.VIEW, File)
@documented(responses={200: _FILES})
def read_card(request: ApiRequest, about: str, asked: Query[CardAsked]) -> File:
    """Read a card of model:NAME or dataset:NAME, or the Annex IV file of system:SLUG."""
    moment = asked.moment(request)
    card = document_about(request.auth, about, asked, request.now, moment)
    write: dict[str, Callable[[], str | bytes]] = {
        "json": lambda: json.dumps(card_json(card), ensure_ascii=False),
        "md": lambda: card_markdown(card),
        "html": lambda: as_html_document(card_page(card)),
        "pdf": lambda: as_pdf(card_page(card)),
    }
    made: Any = write[asked.format]()
    data = made if isinstance(made, bytes) else made.encode()
    name = f"{card.kind}-{card.at.date().isoformat()}.{asked.format}"
    return File(name, _TYPES[asked.format], data)


@operation(router, "GET", "/card-words/{path:about}", Permission.VIEW, Words)
def read_words(request: ApiRequest, about: str, asked: Query[PlaceAsked]) -> Words:
    """Read what people wrote for a place of a card; its ETag is what a change sends."""
    return card_words(request.auth, about, asked.place, asked.moment(request))


@operation(router, "PUT", "/card-words/{path:about}", Permission.EVIDENCE, Words)
def put_words(request: ApiRequest, about: str, asked: Query[PlaceAsked], body: WordsBody) -> Words:
    """Write words for a place of a card, as yours; an empty text takes them away."""
    actor, at, values = request.auth, request.now, body.given()

    def write(version: int | None) -> Words:
        return write_card(actor, about, asked.place, values, at, version=version)

    return edit_or_create(request, lambda: card_words(actor, about, asked.place), write)


@operation(router, "POST", "/card-records/{path:about}", Permission.EVIDENCE, FrozenCard, 201)
def new_record(request: ApiRequest, about: str, body: RecordBody) -> FrozenCard:
    """Check a card as it is written now, and put the answer on record for gates."""
    return record_card(request.auth, about, request.now, version=body.version)
