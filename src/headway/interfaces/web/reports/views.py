"""A program's packs: what one would say now to each audience, the frozen ones, and their files."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports import actions
from headway.domain.reports.queries import (
    Drawing,
    ReportContent,
    compose_pack,
    pack_contents,
    pack_numbered,
    report_content,
    reports_of,
    templates_of,
)
from headway.domain.reports.rules import Audience, Format, PackDraft
from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.reports.forms import FreezeForm
from headway.rendering.report import as_html, page_of


def reports(request: WorkspaceRequest, program: str) -> HttpResponse:
    """List the frozen packs, and show what the next one would say to an audience."""
    form = FreezeForm(decks=templates_of(request.actor))
    return _page(request, program, form)


def _page(
    request: WorkspaceRequest, program: str, form: FreezeForm, *, status: int = 200
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    moment = request.at or request.now
    audience, vendor = _asked(request)
    draft = PackDraft((audience,), (vendor,) if vendor else ())
    letter = audience == Audience.VENDOR
    pack = compose_pack(request.actor, facts, moment, known_at=request.at, draft=draft)
    if pack.overruled:
        form.ask_for_a_reason()
    values = {
        "program": facts,
        "lines": reports_of(request.actor, facts, request.at),
        "form": form,
        "audience": audience,
        "audiences": list(Audience),
        "vendor": vendor,
        "overruled": pack.overruled,
        "bridge": pack.bridge,
        "preview": "" if letter and not vendor else as_html(page_of(pack, audience, vendor)),
    }
    return render(request, "reports_web/reports.html", values, status=status)


def _asked(request: WorkspaceRequest) -> tuple[Audience, str]:
    """Return the audience and vendor of the address. Raises NotFound for an unknown audience."""
    audience = request.GET.get("audience", Audience.EXECUTIVE.value)
    if audience not in list(Audience):
        sentence = f"There is no audience '{audience[:40]}'; there is {', '.join(Audience)}."
        raise NotFound(sentence)
    vendor = request.GET.get("vendor", "").strip()[:200] if audience == Audience.VENDOR else ""
    return Audience(audience), vendor


def freeze_report(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Freeze a pack with its data date: nobody can change it afterwards."""
    form = FreezeForm(request.POST, decks=templates_of(request.actor))
    if not form.is_valid():
        return _page(request, program, form, status=422)
    try:
        line = actions.freeze_report(
            request.actor, program, form.draft(), request.now, known_at=request.at
        )
    except (Invalid, NotFound) as error:
        program_named(request.actor, program, request.at)
        form.add_error("vendors" if isinstance(error, NotFound) else "reason", str(error))
        return _page(request, program, form, status=422)
    tell(request, f"Report {line.number} is frozen.")
    return redirect("report", request.place.slug, program, line.number)


def report(request: WorkspaceRequest, program: str, number: int) -> HttpResponse:
    """Show a frozen pack as one of its audiences reads it."""
    facts = program_named(request.actor, program, request.at)
    line, pack = pack_numbered(request.actor, facts, number)
    audience, vendor = _asked(request)
    if audience == Audience.VENDOR and not vendor and pack.vendors:
        vendor = pack.vendors[0].key
    values = {
        "program": facts,
        "line": line,
        "title": f"Report {number}",
        "page": as_html(page_of(pack, audience, vendor)),
        "formats": list(Format),
        "audience": audience,
        "audiences": _audiences(pack.schema, bool(pack.vendors)),
        "vendor": vendor,
        "vendors": pack.vendors,
    }
    return render(request, "reports_web/report.html", values)


def _audiences(schema: int, letters: bool) -> list[Audience]:  # noqa: FBT001
    """Return whom a snapshot can be drawn for."""
    if schema == 1:
        return [Audience.EXECUTIVE]
    return [one for one in Audience if letters or one is not Audience.VENDOR]


def download_report(
    request: WorkspaceRequest, program: str, number: int, form: str
) -> HttpResponse:
    """Send a frozen pack as a file: one audience in one format, or all of it as a zip."""
    if form != "zip" and form not in list(Format):
        sentence = f"There is no report as .{form[:20]}; there is {', '.join(Format)} and zip."
        raise NotFound(sentence)
    facts = program_named(request.actor, program, request.at)
    return sent(_content(request, facts, number, form))


def _content(
    request: WorkspaceRequest, facts: ProgramFacts, number: int, form: str
) -> ReportContent:
    if form == "zip":
        return pack_contents(request.actor, facts, number)
    drawing = Drawing(Format(form), *_asked(request))
    return report_content(request.actor, facts, number, drawing)


def sent(content: ReportContent) -> HttpResponse:
    """Return a file as an answer that is saved under its name."""
    response = HttpResponse(content.data, content_type=content.content_type)
    response["Content-Disposition"] = f'attachment; filename="{content.name}"'
    # Should a browser show a downloaded page after all, it shows it as a stranger's.
    response._csp_update = {"sandbox": ["allow-downloads"]}  # type: ignore[attr-defined]
    return response
