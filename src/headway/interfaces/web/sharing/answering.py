"""The page of a one-time link to a decision: the question, its options, and one answer."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from headway.domain.sharing.actions import answer_decision
from headway.domain.sharing.queries import answer_page
from headway.errors import Conflict, Invalid
from headway.interfaces.web.programs.editing import asked_version
from headway.interfaces.web.programs.options import option_rows
from headway.interfaces.web.sharing.doors import through_link


# No cookie counts here, so that there is nothing another site could borrow; and a page that sends
# no referrer sends no origin with its form either, which Django would take for a forged one.
@csrf_exempt
def answer(request: HttpRequest, answer: str) -> HttpResponse:
    """Show the question to whoever holds the link; on POST record the answer, once."""

    def act(at: datetime) -> HttpResponse:
        return (
            _take(request, answer, at) if request.method == "POST" else _page(request, answer, at)
        )

    return through_link(request, act)


def _take(request: HttpRequest, secret: str, at: datetime) -> HttpResponse:
    try:
        taken = answer_decision(
            secret,
            request.POST.get("option", ""),
            at,
            version=asked_version(request),
            reason=request.POST.get("reason", ""),
        )
    except Conflict as error:
        return _page(request, secret, at, status=409, problem=str(error))
    except Invalid as error:
        return _page(request, secret, at, status=422, problem=str(error))
    values = {"decision": taken, "chosen": taken.option(taken.chosen)}
    return render(request, "sharing_web/answered.html", values)


def _page(
    request: HttpRequest, secret: str, at: datetime, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    page = answer_page(secret, at)
    values = {
        "page": page,
        "decision": page.decision,
        "rows": option_rows(page.decision, page.titles, page.program.currency),
        "has_changed": page.has_changed or status == 409,
        "problem": problem if status == 422 else "",
        "typed": request.POST.get("reason", ""),
        "picked": request.POST.get("option", "") if status == 422 else "",
    }
    return render(request, "sharing_web/answer.html", values, status=status)
