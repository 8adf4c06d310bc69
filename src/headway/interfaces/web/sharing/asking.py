"""Asking somebody without an account to decide: a link that is shown once or goes out by mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.people.queries import people_of
from headway.domain.plans.queries import decision_named, latest_forecast
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import Reader
from headway.domain.sharing.actions import ask_by_link, revoke_decision_link
from headway.domain.sharing.rules import ASK_FIELDS
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed
from headway.interfaces.web.programs.editing import Done, leave
from headway.interfaces.web.programs.program import head_of


class AskForm(ReadForm):
    """Who is asked, where the link goes, and how long it works."""

    readers: ClassVar[Mapping[str, Reader]] = ASK_FIELDS

    name = needed(line("Who decides", "Their answer is recorded under this name.", list="people"))
    email = line("E-mail", "Empty: the link is shown to you, to hand over.", type="email")
    until = day_field("Works until", "Empty: the day it is due, 14 days at most.")


def ask_decision(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Ask for the answer by a one-time link; the link is shown once, or mailed."""
    facts = program_named(request.actor, program)
    held = decision_named(request.actor, facts, decision)
    people = people_of(request.actor)
    values = head_of(request, facts, latest_forecast(request.actor, facts))
    values |= {"decision": held, "people": people, "mail_is_set": settings.MAIL_IS_SET}
    if request.method != "POST":
        owner = next((one for one in people if one.key == held.owner), None)
        start = {"name": owner.name if owner else held.owner, "email": owner.email if owner else ""}
        values["form"] = AskForm(initial=start)
        return render(request, "sharing_web/ask.html", values)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            asked = ask_by_link(request.actor, (program, decision), form.typed, request.now)
            return render(request, "sharing_web/asked.html", values | {"asked": asked})
        except Invalid as error:
            form.add_error("until", str(error))
    return render(request, "sharing_web/ask.html", values | {"form": form}, status=422)


def revoke_ask(
    request: WorkspaceRequest, program: str, decision: str, decision_link: UUID
) -> HttpResponse:
    """Take a link back."""
    facts = program_named(request.actor, program)
    held = decision_named(request.actor, facts, decision)
    revoke_decision_link(request.actor, held, decision_link, request.now)
    here = address(request, "decision", program=program, decision=decision)
    return leave(request, here, Done("The link is taken back; it is dead."))
