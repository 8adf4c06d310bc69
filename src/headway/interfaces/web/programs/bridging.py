"""Why the odds moved between any two days: the bridge, worked out while the reader waits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import latest_forecast, odds_bridge
from headway.domain.plans.rules.bridge import total
from headway.domain.programs.queries import program_named
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.forms import SinceForm
from headway.interfaces.web.programs.program import head_of

WEEK = timedelta(days=7)


def program_bridge(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Compare the plan as it stands (or stood, with `?at=`) with that of a chosen day's end."""
    facts = program_named(request.actor, program, request.at)
    at = request.at or request.now
    begins = (at - WEEK).date()
    form = SinceForm(request.GET if "since" in request.GET else {"since": begins.isoformat()})
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {"form": form, "at": at}
    if form.is_valid():
        since = datetime.combine(form.cleaned_data["since"], time.max, UTC)
        try:
            found = odds_bridge(request.actor, facts, since, at)
        except Invalid as error:
            form.add_error("since", str(error))
        else:
            values |= {
                "found": found,
                "since": since,
                "told": {
                    "bridge": found.lines,
                    "days_p80": total([line.days_p80 for line in found.lines]),
                    "money_p80": total([line.money_p80 for line in found.lines]),
                },
            }
    return render(
        request, "programs_web/bridge.html", values, status=200 if form.is_valid() else 422
    )
