"""The two-minute page: how one's own work stands, by sign-in or by the link in a mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.accounts.actions import admit_guess
from headway.domain.accounts.queries import may_guess
from headway.domain.accounts.rules import Actor
from headway.domain.accounts.rules.guesses import Door
from headway.domain.checkins.actions import answer_by_link, answer_check_in, undo_check_in
from headway.domain.checkins.queries import (
    CheckInFacts,
    CheckInPage,
    check_in_by_link,
    check_in_page,
)
from headway.domain.people.queries import mailed_actor, own_person, working_actor
from headway.domain.plans.actions import forecast_soon
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.accounts.limits import address_of
from headway.interfaces.web.layout.errors import too_many
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.people.forms import answers_in, blame, rows_of, say_both
from headway.interfaces.web.programs.addresses import address

Answer = Callable[[], CheckInFacts]


def own_check_in(request: WorkspaceRequest) -> HttpResponse:
    """Lead the reader to their own check-in; say why there is none."""
    person = own_person(request.actor)
    if person is None:
        return render(request, "people_web/nobody.html")
    return redirect("check_in", workspace=request.place.slug, person=person.key)


def check_in(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Show somebody's open work; on POST take the answer."""
    page = check_in_page(request.actor, person, request.now)
    if request.method != "POST":
        return _shown(request, page, "people_web/check_in.html")
    line = request.POST.get("line", "")

    def answer() -> CheckInFacts:
        return answer_check_in(request.actor, person, answers_in(request.POST), line, request.now)

    def again() -> CheckInPage:
        return check_in_page(request.actor, person, request.now)

    done = _answered(request, "people_web/check_in.html", answer, again)
    if isinstance(done, HttpResponse):
        return done
    _forecast(working_actor(request.actor, page.person), done, request.now)
    undo = address(request, "undo_check_in", check_in=done.id)
    tell(request, _thanks(done), undo)
    return redirect(address(request, "check_in", person=person))


def by_link(request: HttpRequest, ticket: str) -> HttpResponse:
    """Show the page a mailed link leads to; on POST take the answer, which spends the link.

    The referrer stays within this site: without any, the browser would send the form without an
    origin, and the check against forged requests refuses that.
    """
    response = _by_link(request, ticket)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _by_link(request: HttpRequest, ticket: str) -> HttpResponse:
    at, client = clock.now(), address_of(request)
    if not may_guess(Door.LINK, at, address=client):
        return too_many(request)
    try:
        page = check_in_by_link(ticket, at)
    except NotFound:
        admit_guess(Door.LINK, at, address=client)
        raise
    if request.method != "POST":
        return _shown(request, page, "people_web/by_link.html")
    line = request.POST.get("line", "")
    done = _answered(
        request,
        "people_web/by_link.html",
        lambda: answer_by_link(ticket, answers_in(request.POST), line, at),
        lambda: check_in_by_link(ticket, at),
    )
    if isinstance(done, HttpResponse):
        return done
    _forecast(mailed_actor(page.person), done, at)
    values = {"page": page, "done": done, "thanks": _thanks(done)}
    return render(request, "people_web/thanks.html", values)


def undo(request: WorkspaceRequest, check_in: UUID) -> HttpResponse:
    """Take an answer back; the question waits again."""
    undone = undo_check_in(request.actor, check_in, request.now)
    tell(request, "The answer is taken back; the plan is as it was before.")
    return redirect(address(request, "check_in", person=undone.person))


def _answered(
    request: HttpRequest, template: str, answer: Answer, again: Callable[[], CheckInPage]
) -> HttpResponse | CheckInFacts:
    """Take an answer, or show the page once more with what stands in its way and what was typed."""
    try:
        return answer()
    except Conflict as error:
        page = again()  # raises when it is the link that is spent
        rows, status, problem = rows_of(page, request.POST), 409, str(error)
        say_both(rows, request.POST)
        problem = "" if any(row.errors for row in rows) else problem
    except Invalid as error:
        page = again()
        rows, status = rows_of(page, request.POST), 422
        problem = "" if blame(rows, error) else str(error)
    values = _values(page) | {"rows": rows, "problem": problem, "wrong": True}
    values["line"] = request.POST.get("line", "")
    return render(request, template, values, status=status)


def _shown(request: HttpRequest, page: CheckInPage, template: str) -> HttpResponse:
    return render(request, template, _values(page) | {"rows": rows_of(page)})


def _values(page: CheckInPage) -> dict[str, object]:
    return {"page": page, "person": page.person, "today": page.today.isoformat()}


def _thanks(done: CheckInFacts) -> str:
    count = len(done.changes)
    if not count:
        return "Thank you: nothing changed, and that is known now."
    return f"Thank you: {count} item{'' if count == 1 else 's'} of the plan changed."


def _forecast(actor: Actor, done: CheckInFacts, at: datetime) -> None:
    """Forecast small programs that an answer changed at once; the worker does the others."""
    for slug in sorted({str(change["program"]) for change in done.changes}):
        forecast_soon(actor, slug, at)
