"""Packs, frozen with their data date, and the decks that they are laid out on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report, keep_template, retire_template
from headway.domain.reports.queries import (
    CONTENT_TYPES,
    Drawing,
    ReportContent,
    ReportLine,
    TemplateLine,
    WhatWeSaid,
    compose_pack,
    content_of,
    default_template,
    pack_contents,
    pack_numbered,
    report_content,
    reports_of,
    templates_of,
    what_we_said,
)
from headway.domain.reports.rules import Audience, Format, PackDraft, read_draft
from headway.domain.sharing.actions import revoke_report_link
from headway.domain.sharing.queries import ReportLinkLine, report_links
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given, check_type
from headway.interfaces.api.operations import File, documented, operation, slow
from headway.interfaces.api.paging import Asked, AskedAt, At, Page, page_of

router = Router(tags=["Reports"])

#: A report's number in its program.
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

_FILES = {
    "description": "The report.",
    "content": {kind.partition(";")[0]: {} for kind in sorted(CONTENT_TYPES.values())},
}


_PPTX = CONTENT_TYPES[Format.PPTX]
_DECK = {
    "required": True,
    "content": {_PPTX: {"schema": {"type": "string", "description": "The deck, as it is."}}},
}
_ZIP = {"description": "Every audience in every format.", "content": {"application/zip": {}}}


class ReportBody(Given):
    """For whom to freeze what is known now.

    `reason` is why a judgement greener than the evidence is told; `template` a kept deck's name,
    "" for none, null for the workspace's default.
    """

    audiences: list[Audience] = [Audience.EXECUTIVE]
    vendors: list[Annotated[str, Field(max_length=200)]] = []
    reason: Annotated[str, Field(max_length=2_000)] = ""
    template: Annotated[str | None, Field(max_length=100)] = None


class NothingBody(Given):
    """Nothing is asked."""


class FormAsked(BaseModel):
    """For whom a report is taken away, and as what; a letter names its vendor."""

    format: Annotated[Format, Field(description="html, pdf, pptx, xlsx or md.")] = Format.PDF
    audience: Annotated[
        Audience, Field(description="executive, engineering, finance, compliance or vendor.")
    ] = Audience.EXECUTIVE
    vendor: Annotated[str, Field(max_length=200, description="Whom a letter is for.")] = ""

    def drawing(self) -> Drawing:
        """Return what is to be drawn."""
        return Drawing(self.format, self.audience, self.vendor)


class TemplateAsked(BaseModel):
    """Under which name a deck is kept, and whether decks are laid out on it from now on."""

    name: Annotated[str, Field(min_length=1, max_length=100, description="Its name.")]
    default: Annotated[bool, Field(description="Lay decks out on it from now on.")] = False


@operation(router, "GET", "/programs/{slug}/reports", Permission.VIEW, Page[ReportLine])
def list_reports(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ReportLine]:
    """List the frozen packs of a program, by number."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = reports_of(request.auth, program, moment)
    return page_of(rows, lambda row: f"{row.number:018}", asked)


@operation(router, "POST", "/programs/{slug}/reports", Permission.REPORT, ReportLine, 201)
@slow
def freeze(request: ApiRequest, slug: str, body: ReportBody) -> ReportLine:
    """Freeze a pack for its audiences, with its data date and the ledger's head."""
    draft = PackDraft(tuple(body.audiences), tuple(body.vendors), body.reason, body.template)
    return freeze_report(request.auth, slug, draft, request.now, known_at=request.since_when)


@operation(router, "GET", "/programs/{slug}/reports/{int:number}", Permission.VIEW, ReportLine)
def read_report(request: ApiRequest, slug: str, number: Number) -> ReportLine:
    """Read what a frozen pack rests on."""
    program = program_named(request.auth, slug)
    return pack_numbered(request.auth, program, number)[0]


@operation(router, "GET", "/programs/{slug}/reports/{int:number}/file", Permission.VIEW, File)
@documented(responses={200: _FILES})
def download_report(
    request: ApiRequest, slug: str, number: Number, asked: Query[FormAsked]
) -> File:
    """Take a frozen pack away for one audience as a file, drawn from its snapshot alone."""
    program = program_named(request.auth, slug)
    return _file(report_content(request.auth, program, number, asked.drawing()))


@operation(router, "GET", "/programs/{slug}/reports/{int:number}/files", Permission.VIEW, File)
@documented(responses={200: _ZIP})
def download_pack(request: ApiRequest, slug: str, number: Number) -> File:
    """Take a frozen pack away whole, for all it was frozen for, as one zip."""
    program = program_named(request.auth, slug)
    return _file(pack_contents(request.auth, program, number))


@operation(
    router,
    "GET",
    "/programs/{slug}/reports/{int:number}/shares",
    Permission.VIEW,
    Page[ReportLinkLine],
)
def list_report_links(
    request: ApiRequest, slug: str, number: Number, asked: Query[AskedAt]
) -> Page[ReportLinkLine]:
    """List who was given a link to a report and what was opened, by id; a page makes links."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    pack_numbered(request.auth, program, number)
    rows = report_links(request.auth, program, moment or request.now, number)
    return page_of(sorted(rows, key=lambda row: str(row.id)), lambda row: str(row.id), asked)


@operation(
    router,
    "POST",
    "/programs/{slug}/reports/{int:number}/shares/{uuid:share}/revoke",
    Permission.REPORT,
    None,
    204,
)
def revoke_link_of_report(
    request: ApiRequest, slug: str, number: Number, share: UUID, body: NothingBody
) -> None:
    """Take a link to a report back: it stops working at once."""
    revoke_report_link(request.auth, (slug, number), share, request.now)


@operation(router, "GET", "/programs/{slug}/said", Permission.VIEW, WhatWeSaid)
def read_what_we_said(request: ApiRequest, slug: str, asked: Query[At]) -> WhatWeSaid:
    """Read what past packs said beside what came, and how often P80s held."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return what_we_said(request.auth, program, moment or request.now, known_at=moment)


@operation(router, "GET", "/programs/{slug}/reports/draft", Permission.VIEW, File)
@documented(responses={200: _FILES})
def draw_draft(request: ApiRequest, slug: str, asked: Query[FormAsked]) -> File:
    """Draw a report of what is known now without freezing it."""
    known_at = request.since_when
    program = program_named(request.auth, slug, known_at)
    draft = read_draft(PackDraft((asked.audience,), (asked.vendor,) if asked.vendor else ()))
    pack = compose_pack(request.auth, program, request.now, known_at=known_at, draft=draft)
    deck = default_template(request.auth) if asked.format is Format.PPTX else None
    base = bytes(deck.data) if deck else None
    return _file(content_of(pack, f"{slug}-draft", asked.drawing(), base))


@operation(router, "GET", "/deck-templates", Permission.VIEW, Page[TemplateLine])
def list_deck_templates(request: ApiRequest, asked: Query[Asked]) -> Page[TemplateLine]:
    """List the decks that are kept as templates, with what each cannot carry."""
    return page_of(templates_of(request.auth), lambda row: row.name, asked)


@operation(router, "POST", "/deck-templates", Permission.REPORT, TemplateLine)
@documented(requestBody=_DECK)
def keep_deck_template(request: ApiRequest, asked: Query[TemplateAsked]) -> TemplateLine:
    """Keep a deck (the body, as it is) as a template; one of its name gives way."""
    check_type(request, _PPTX, "application/octet-stream")
    return keep_template(
        request.auth, asked.name, request.body, request.now, is_default=asked.default
    )


@operation(router, "POST", "/deck-templates/{name}/retire", Permission.REPORT, None, 204)
def retire_deck_template(request: ApiRequest, name: str) -> None:
    """Let a template go; packs that were laid out on it keep it."""
    retire_template(request.auth, name, request.now)


def _file(content: ReportContent) -> File:
    return File(content.name, content.content_type, content.data)
