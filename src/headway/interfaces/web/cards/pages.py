"""Pages that read: all cards, one card, one datasheet, one Annex IV file; each as a file too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from headway.domain.compliance.queries import (
    CardLine,
    CardPage,
    annex_iv_file,
    card_lines,
    datasheet_page,
    model_card_page,
)
from headway.domain.compliance.rules.cards import CardDocument
from headway.domain.compliance.rules.cards.files import card_json, card_markdown, card_page
from headway.domain.programs.queries import systems_of
from headway.errors import NotFound
from headway.interfaces.web.checks.pages import SYSTEM_TABS
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.rendering import phrases
from headway.rendering.report import as_html_document, as_pdf

#: The formats of a card by the ending of the file: what they are called, and their type.
FORMS = {
    "md": ("Markdown", "text/markdown; charset=utf-8"),
    "json": ("JSON", "application/json"),
    "html": ("HTML", "text/html; charset=utf-8"),
    "pdf": ("PDF", "application/pdf"),
}


def cards(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how many cards went stale or lack something; then each."""
    lines = card_lines(request.actor, request.at or request.now, known_at=request.at)
    values = {
        "lines": [(line, _place(request, line)) for line in lines],
        "systems": systems_of(request.actor, request.at),
        "said": _standing(lines),
        "tabs": [(label, address(request, name)) for label, name in SYSTEM_TABS],
    }
    return render(request, "cards_web/cards.html", values)


def _place(request: WorkspaceRequest, line: CardLine) -> str:
    name = "model_card" if line.kind == "model" else "datasheet"
    return address(request, name, **{line.kind: line.name})


def _standing(lines: Sequence[CardLine]) -> str:
    """Say in one sentence how the cards stand."""
    if not lines:
        return "Evidence names no model and no dataset yet."
    counted = Counter(line.verdict.value for line in lines)
    parts = [
        f"{counted[word]} {said if counted[word] == 1 else many}"
        for word, said, many in (
            ("stale", "has gone stale", "have gone stale"),
            ("missing", "lacks a section", "lack a section"),
            ("insufficient", "has gaps", "have gaps"),
            ("met", "is whole", "are whole"),
        )
        if counted[word]
    ]
    return f"Of {phrases.quantity(len(lines), 'card')} {', '.join(parts)}."


def model_card(request: WorkspaceRequest, model: str) -> HttpResponse:
    """Show the card of a model's version, statement by statement with what it rests on."""
    page = model_card_page(
        request.actor,
        model,
        request.at or request.now,
        version=request.GET.get("version", "")[:200],
        known_at=request.at,
    )
    home = (address(request, "model", model=model), "The model")
    return _shown(request, page.document, page, home)


def datasheet(request: WorkspaceRequest, dataset: str) -> HttpResponse:
    """Show the datasheet of a dataset."""
    at = request.at or request.now
    page = datasheet_page(request.actor, dataset, at, known_at=request.at)
    home = (address(request, "dataset", dataset=dataset), "The dataset")
    return _shown(request, page.document, page, home)


def annex_iv(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Show the technical file of a system by Annex IV."""
    at = request.at or request.now
    document = annex_iv_file(request.actor, system, at, known_at=request.at)
    return _shown(request, document, None, ("", ""))


def _shown(
    request: WorkspaceRequest, card: CardDocument, page: CardPage | None, home: tuple[str, str]
) -> HttpResponse:
    about = card.about.partition("@")[0]
    values = {
        "card": card,
        "about": about,
        "page": page,
        "home": home,
        "versions": page.versions[:20] if page and card.kind == "model" else (),
        "version": card.about.partition("@")[2],
        "files": [
            (label, _file_address(request, card, about, form)) for form, (label, _) in FORMS.items()
        ],
        "recording": address(request, "record_card", about=about) if page else "",
        "live": is_live(request),
    }
    return render(request, "cards_web/card.html", values)


def _file_address(request: WorkspaceRequest, card: CardDocument, about: str, form: str) -> str:
    of = card.about if card.kind == "model" else about
    return address(request, "card_file", form=form, about=of)


def card_file(request: WorkspaceRequest, form: str, about: str) -> HttpResponse:
    """Send a card as a file. Raises NotFound for another format, or for what has no card."""
    if form not in FORMS:
        sentence = f"There is no card as .{form[:20]}; there is {', '.join(FORMS)}."
        raise NotFound(sentence)
    card = document_about(request, about)
    write: dict[str, Callable[[], str | bytes]] = {
        "md": lambda: card_markdown(card),
        "json": lambda: json.dumps(card_json(card), ensure_ascii=False, indent=2),
        "html": lambda: as_html_document(card_page(card)),
        "pdf": lambda: as_pdf(card_page(card)),
    }
    response = HttpResponse(write[form](), content_type=FORMS[form][1])
    day = card.at.date().isoformat()
    name = f"{slugify(card.kind)}-{slugify(about.replace(':', '-').replace('@', '-v'))}-{day}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    # Should a browser show a downloaded page after all, it shows it as a stranger's.
    response._csp_update = {"sandbox": ["allow-downloads"]}  # type: ignore[attr-defined]
    return response


def document_about(request: WorkspaceRequest, about: str) -> CardDocument:
    """Return the card of `model:name@version`, `dataset:name` or `system:slug`."""
    at, known_at = request.at or request.now, request.at
    kind, _, name = about.partition(":")
    if kind == "model":
        model, _, version = name.partition("@")
        return model_card_page(
            request.actor, model, at, version=version, known_at=known_at
        ).document
    if kind == "dataset":
        return datasheet_page(request.actor, name.partition("@")[0], at, known_at=known_at).document
    if kind == "system":
        return annex_iv_file(request.actor, name, at, known_at=known_at)
    sentence = f"A card is about a model, a dataset or a system, not {about[:80]!r}."
    raise NotFound(sentence)
