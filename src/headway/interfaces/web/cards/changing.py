"""Writing words into a card, taking them back, and putting a card on record."""

from __future__ import annotations

from django.http import HttpResponse

from headway.domain.compliance.actions import record_card, restore_card_words, write_card
from headway.domain.compliance.queries import card_words, require_about
from headway.domain.compliance.rules.cards import place_of
from headway.errors import Invalid, NotFound
from headway.interfaces.web.cards.forms import WordsForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave
from headway.rendering import phrases

_ROUTES = {"model": "model_card", "dataset": "datasheet", "system": "annex_iv"}


def page_of(request: WorkspaceRequest, about: str) -> str:
    """Return the address of the card of `about`."""
    kind, _, name = about.partition("@")[0].partition(":")
    route = _ROUTES.get(kind)
    return address(request, route, **{kind: name}) if route else address(request, "cards")


def write(request: WorkspaceRequest, place: str, about: str) -> HttpResponse:
    """Show or save the words for a place of a card."""
    try:
        asked = place_of(about, place)
    except Invalid as error:
        raise NotFound(str(error)) from error

    def load() -> Edit:
        fields, version = _held(request, about, place)
        return Edit(
            f"{asked.label}: {asked.asks}",
            page_of(request, about),
            WordsForm,
            save,
            fields,
            version,
            blame="text",
            area=("cards", "Cards"),
        )

    def save(values: dict[str, object], version: int | None) -> Done:
        done = write_card(request.actor, about, place, values, request.now, version=version)
        undo = address(request, "restore_card", place=place, version=done.version - 1, about=about)
        return Done(f"{asked.label} is written, in your name.", undo)

    return edit_page(request, load)


def _held(
    request: WorkspaceRequest, about: str, place: str
) -> tuple[dict[str, object], int | None]:
    """Return what stands at a place, and its version; nothing where nobody wrote."""
    try:
        held = card_words(request.actor, about, place)
    except NotFound:
        require_about(request.actor, about, request.now)
        return {}, None
    return {"text": held.text, "review_by": held.review_by}, held.version


def restore(request: WorkspaceRequest, place: str, version: int, about: str) -> HttpResponse:
    """Write again what stood at a place before."""
    restore_card_words(request.actor, about, place, version, request.now)
    return leave(request, page_of(request, about), Done("The card says what it said before."))


def record(request: WorkspaceRequest, about: str) -> HttpResponse:
    """Put a card on record, so that gates can rest on it."""
    frozen = record_card(request.actor, about, request.now)
    share = phrases.share(frozen.completeness, exact=True)
    lacking = f"; it lacks {', '.join(frozen.lacking)}" if frozen.lacking else ""
    sentence = f"The card is on record {frozen.record}: {share} complete{lacking}."
    return leave(request, page_of(request, about), Done(sentence))
