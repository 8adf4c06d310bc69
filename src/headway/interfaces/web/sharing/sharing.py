"""Giving a frozen report to people outside: the links, what was opened, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import Reader
from headway.domain.reports.queries import pack_numbered
from headway.domain.reports.rules import Audience, Format
from headway.domain.sharing.actions import revoke_report_link, share_report
from headway.domain.sharing.queries import report_links
from headway.domain.sharing.rules import SHARE_FIELDS
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed
from headway.interfaces.web.programs.editing import Done, leave

_FORMAT_WORDS = {Format.HTML: "A page to read", Format.MARKDOWN: "Markdown"}


class ShareForm(ReadForm):
    """Whom the link is for, what it gives, and how long it works."""

    readers: ClassVar[Mapping[str, Reader]] = SHARE_FIELDS

    whom = needed(line("For whom", "Stands in the watermark, such as: the board."))
    formats = forms.MultipleChoiceField(
        label="As",
        choices=[(str(form), _FORMAT_WORDS.get(form, form.upper())) for form in Format],
        widget=forms.CheckboxSelectMultiple,
        initial=[Format.HTML, Format.PDF],
        error_messages={"required": "No format is chosen; choose at least one."},
    )
    audience = forms.ChoiceField(label="Which view", choices=[])
    vendor = line("Vendor", "For a letter: whose.", list="vendors")
    until = day_field("Works until", "Empty: 14 days; 90 at most.")

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 - as Django's forms take it
        *,
        initial: Mapping[str, object] | None = None,
        audiences: Sequence[str] = (),
    ) -> None:
        """Fill the form for a pack that was frozen for these audiences."""
        super().__init__(data, initial=initial)
        choices = [(one, one.capitalize()) for one in audiences]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]
        if Audience.VENDOR not in audiences:
            del self.fields["vendor"]


def report_sharing(request: WorkspaceRequest, program: str, number: int) -> HttpResponse:
    """Show who was given a link to a report, and what they opened."""
    return _page(request, program, number, _form(request, program, number))


def make_share(request: WorkspaceRequest, program: str, number: int) -> HttpResponse:
    """Make a link; it is shown once."""
    form = _form(request, program, number, request.POST)
    if not form.is_valid():
        return _page(request, program, number, form, status=422)
    try:
        shared = share_report(request.actor, (program, number), form.typed, request.now)
    except Invalid as error:
        form.add_error("until", str(error))
        return _page(request, program, number, form, status=422)
    return _page(request, program, number, _form(request, program, number), shared=shared)


def revoke_share(
    request: WorkspaceRequest, program: str, number: int, report_link: UUID
) -> HttpResponse:
    """Take a link back."""
    revoke_report_link(request.actor, (program, number), report_link, request.now)
    here = address(request, "report_sharing", program=program, number=number)
    return leave(request, here, Done("The link is taken back; it is dead."))


def _form(
    request: WorkspaceRequest, program: str, number: int, data: QueryDict | None = None
) -> ShareForm:
    facts = program_named(request.actor, program, request.at)
    line, _ = pack_numbered(request.actor, facts, number)
    return ShareForm(data, audiences=line.audiences)


def _page(
    request: WorkspaceRequest,
    program: str,
    number: int,
    form: forms.Form,
    *,
    status: int = 200,
    **more: Any,  # noqa: ANN401 - what a template takes
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    line, _ = pack_numbered(request.actor, facts, number)
    links = report_links(request.actor, facts, request.at or request.now, number)
    values = {
        "program": facts,
        "line": line,
        "links": links,
        "open": [link for link in links if link.state == "open"],
        "form": form,
        "live": is_live(request),
        **more,
    }
    return render(request, "sharing_web/sharing.html", values, status=status)
