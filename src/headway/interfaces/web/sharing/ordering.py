"""Standing orders: packs by a rhythm, drafts that wait for a word, what was sent to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import Reader
from headway.domain.reports.rules import Format
from headway.domain.sharing.actions import end_order, order_pack, send_dispatch
from headway.domain.sharing.queries import dispatches_of, draft_page, orders_of
from headway.domain.sharing.rules import ORDER_FIELDS, SENDABLE
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words
from headway.interfaces.web.programs.editing import Done, leave
from headway.interfaces.web.programs.program import head_of

_FILES = [form for form in Format if form != Format.HTML]


class OrderForm(ReadForm):
    """What goes out, to whom, when, and whether a word is needed."""

    readers: ClassVar[Mapping[str, Reader]] = ORDER_FIELDS

    name = needed(line("Name", "Such as: Monday pack for the board."))
    audiences = forms.MultipleChoiceField(
        label="Told to",
        choices=[(str(one), one.capitalize()) for one in SENDABLE],
        widget=forms.CheckboxSelectMultiple,
        initial=["executive"],
        error_messages={"required": "No audience is chosen; choose at least one."},
        help_text="The first is told in the mail itself.",
    )
    recipients = needed(words("Recipients, one a line: Name <name@example.com>"))
    rhythm = forms.ChoiceField(
        label="How often", choices=[("weekly", "Every week"), ("monthly", "Every month")]
    )
    on_day = needed(line("On day", "0 Monday to 6 Sunday; or a day of the month up to 28."))
    hour = needed(line("At", "Such as 08:00.", type="time"))
    time_zone = line("Time zone", "Such as Europe/Berlin; empty: UTC.")
    formats = forms.MultipleChoiceField(
        label="Files",
        choices=[(str(form), form.upper()) for form in _FILES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=["pdf"],
    )
    by_link = forms.BooleanField(
        label="Give the files by a link of the recipient's own instead of attaching them",
        required=False,
    )
    sends = forms.BooleanField(
        label="Send it by this order; else a draft waits for a word a day before", required=False
    )
    until = day_field("Until", "Empty: until it is ended.")


def orders(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the standing orders, the drafts that wait, and what was sent."""
    start = {"on_day": "0", "hour": "08:00"}
    return _page(request, program, OrderForm(initial=start))


def order(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Give a standing order."""
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _page(request, program, form, status=422)
    try:
        made = order_pack(request.actor, program, form.typed, request.now)
    except Invalid as error:
        form.add_error("on_day", str(error))
        return _page(request, program, form, status=422)
    here = address(request, "pack_orders", program=program)
    return leave(request, here, Done(f"“{made.name}” is ordered."))


def end(request: WorkspaceRequest, program: str, order: UUID) -> HttpResponse:
    """End a standing order."""
    end_order(request.actor, program, order, request.now)
    here = address(request, "pack_orders", program=program)
    return leave(request, here, Done("The order is ended; nothing goes out by it any more."))


def draft(request: WorkspaceRequest, program: str, dispatch: UUID) -> HttpResponse:
    """Show a draft as it would be told, with what keeps it from going out."""
    facts = program_named(request.actor, program, request.at)
    page = draft_page(request.actor, facts, dispatch, request.at or request.now)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {"draft": page, "line": page.line, "mail_is_set": settings.MAIL_IS_SET}
    return render(request, "sharing_web/draft.html", values)


def send(request: WorkspaceRequest, program: str, dispatch: UUID) -> HttpResponse:
    """Send a draft on a word."""
    reason = request.POST.get("reason", "")
    number = send_dispatch(request.actor, program, dispatch, request.now, reason=reason)
    here = address(request, "pack_draft", program=program, dispatch=dispatch)
    return leave(request, here, Done(f"Report {number} is frozen and goes out."))


def _page(
    request: WorkspaceRequest, program: str, form: OrderForm, *, status: int = 200
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    lines = dispatches_of(request.actor, facts, request.at or request.now)
    found = orders_of(request.actor, facts)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at)) | {
        "orders": found,
        "running": [one for one in found if one.ended_at is None],
        "drafts": [one for one in lines if one.sent_at is None],
        "sent": [one for one in lines if one.sent_at is not None],
        "form": form,
        "mail_is_set": settings.MAIL_IS_SET,
    }
    return render(request, "sharing_web/orders.html", values, status=status)
