"""Baselines of a program: what was agreed, and how far today's plan is from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import names_by_address
from headway.domain.plans.actions import (
    activate_baseline,
    put_back_baseline,
    set_aside_baseline,
    set_baseline,
)
from headway.domain.plans.queries import (
    baseline_bridge,
    baseline_named,
    baselines_of,
    latest_forecast,
    variance_of,
)
from headway.domain.plans.rules import (
    PlannedItem,
    Standing,
    Variance,
    VarianceView,
    headline,
    viewed,
)
from headway.domain.plans.rules.baselines import MOST_BASELINES
from headway.domain.plans.rules.bridge import total
from headway.domain.programs.queries import program_named
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.programs.planning_forms import BaselineForm, VarianceFilter
from headway.interfaces.web.programs.program import head_of
from headway.rendering.cells import csv_text

#: Lines that one page shows; the rest is a filter away, or in the table to take along.
MOST_LINES = 300

_HEADINGS = (
    "item",
    "name",
    "project",
    "status",
    "baseline start",
    "baseline finish",
    "start",
    "finish",
    "start moved (working days)",
    "finish moved (working days)",
    "baseline cost",
    "cost",
    "cost moved",
    "finished",
    "critical",
)


def baselines(request: WorkspaceRequest, program: str) -> HttpResponse:
    """List what was agreed: the active baseline, those before, those set aside."""
    facts = program_named(request.actor, program, request.at)
    found = baselines_of(request.actor, facts, request.at)
    names = names_by_address(request.actor)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "baselines": [(one, _maker(names, one.made_by)) for one in found],
        "active": next((one for one in found if one.is_active), None),
        "most": MOST_BASELINES,
    }
    return render(request, "programs_web/baselines.html", values)


def _maker(names: Mapping[str, str], label: str) -> str:
    """Return who set a baseline: by name, for an address is not shown."""
    return names.get(label.partition(" by token ")[0], "a member")


def baseline(request: WorkspaceRequest, program: str, baseline: str) -> HttpResponse:
    """Show how far today's plan is from this baseline, item by item."""
    facts = program_named(request.actor, program, request.at)
    whole = _variance(request, program, baseline)
    asked = VarianceFilter(whole.projects, request.GET)
    view = VarianceView(*_chosen(asked))
    found = viewed(whole, view)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    place = {"program": program, "baseline": baseline}
    values |= {
        "baseline": found.baseline,
        "told": headline(whole),
        "found": found,
        "lines": found.lines[:MOST_LINES],
        "more": max(0, found.total - MOST_LINES),
        "counts": [(one.words, found.counts[one], one.value) for one in Standing],
        "asked": asked,
        "maker": _maker(names_by_address(request.actor), found.baseline.made_by),
        "why_page": address(request, "baseline_bridge", **place),
        "csv": f"{address(request, 'baseline_csv', **place)}?{request.GET.urlencode()}",
    }
    return render(request, "programs_web/baseline.html", values)


def _variance(request: WorkspaceRequest, program: str, key: str) -> Variance:
    facts = program_named(request.actor, program, request.at)
    held = baseline_named(request.actor, facts, key, request.at)
    at = request.at or request.now
    return variance_of(request.actor, facts, held, at, live=request.at is None)


def _chosen(asked: VarianceFilter) -> tuple[str, str, str]:
    chosen = asked.cleaned_data if asked.is_valid() else {}
    return chosen.get("project", ""), chosen.get("status", ""), chosen.get("sort") or "finish"


def baseline_why(request: WorkspaceRequest, program: str, baseline: str) -> HttpResponse:
    """Work out what moved the end since a baseline, while the reader waits."""
    facts = program_named(request.actor, program, request.at)
    held = baseline_named(request.actor, facts, baseline, request.at)
    found = baseline_bridge(request.actor, facts, held, request.at or request.now)
    told = {
        "bridge": found.lines,
        "days_p80": total([line.days_p80 for line in found.lines]),
        "money_p80": total([line.money_p80 for line in found.lines]),
    }
    values: dict[str, object] = {"baseline": held, "found": found, "moved": told, "program": facts}
    if request.htmx:
        return render(request, "programs_web/_baseline_why.html", values)
    values |= head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    return render(request, "programs_web/baseline_why.html", values)


def baseline_csv(request: WorkspaceRequest, program: str, baseline: str) -> HttpResponse:
    """Give the variance away as a table, filtered as the page is."""
    whole = _variance(request, program, baseline)
    asked = VarianceFilter(whole.projects, request.GET)
    found = viewed(whole, VarianceView(*_chosen(asked)))
    response = HttpResponse(csv_text(_rows(found)), content_type="text/csv; charset=utf-8")
    name = f"{program}-{found.baseline.key}-variance.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(found: Variance) -> Iterator[tuple[object, ...]]:
    yield _HEADINGS
    for line in found.lines:
        yield (
            line.item,
            line.name,
            line.project,
            line.standing.words,
            *_days(line.then),
            *_days(line.now),
            line.start_days,
            line.finish_days,
            line.then.cost if line.then else None,
            line.now.cost if line.now else None,
            line.cost,
            "yes" if line.is_finished else "no",
            "yes" if line.is_critical else "no",
        )


def _days(item: PlannedItem | None) -> tuple[object, object]:
    return (item.start, item.finish) if item else (None, None)


def add_baseline(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Freeze today's plan under a name."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_baseline(request.actor, facts.slug, values, request.now)
        return Done(f"“{made.name}” is frozen, and the plan is held against it from now on.")

    page = address(request, "baselines", program=program)
    edit = Edit("Set a baseline", page, BaselineForm, save, blame="name", button="Freeze the plan")
    return edit_page(request, lambda: edit)


def activate(request: WorkspaceRequest, program: str, baseline: str) -> HttpResponse:
    """Hold the plan against this baseline from now on."""
    facts = program_named(request.actor, program)
    before = next((one for one in baselines_of(request.actor, facts) if one.is_active), None)
    place = (program, baseline)
    held = activate_baseline(request.actor, place, request.now, version=asked_version(request))
    undo = ""
    if before is not None and before.key != held.key:
        undo = address(request, "activate_baseline", program=program, baseline=before.key)
    done = Done(f"The plan is held against “{held.name}”.", undo)
    return leave(request, address(request, "baselines", program=program), done)


def set_aside(request: WorkspaceRequest, program: str, baseline: str) -> HttpResponse:
    """Set a baseline aside."""
    place = (program, baseline)
    held = set_aside_baseline(request.actor, place, request.now, version=asked_version(request))
    undo = address(request, "put_back_baseline", program=program, baseline=baseline)
    done = Done(f"“{held.name}” is set aside; it stays to be read.", undo)
    return leave(request, address(request, "baselines", program=program), done)


def put_back(request: WorkspaceRequest, program: str, baseline: str) -> HttpResponse:
    """Take a baseline back that was set aside."""
    place = (program, baseline)
    held = put_back_baseline(request.actor, place, request.now, version=asked_version(request))
    undo = address(request, "set_aside_baseline", program=program, baseline=baseline)
    done = Done(f"“{held.name}” is back.", undo)
    return leave(request, address(request, "baselines", program=program), done)
