"""Scenarios of a program: what is tried, what each does, side by side, applied or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions import (
    accept_moves,
    apply_scenario,
    bring_back_scenario,
    forecast_soon,
    scenario_from_option,
    set_scenario,
    throw_away_scenario,
    undo_scenario,
)
from headway.domain.plans.actions.scenarios import weigh_scenarios
from headway.domain.plans.queries import (
    Comparison,
    compare_scenarios,
    joined_parts,
    latest_forecast,
    scenario_named,
    scenarios_of,
)
from headway.domain.plans.rules import ScenarioFacts
from headway.domain.plans.rules.scenarios import Cause
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import fresh_key
from headway.errors import Conflict, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.programs.options import told_change
from headway.interfaces.web.programs.planning_forms import ChangeForm, ScenarioForm, change_of
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.programs.scenario_tables import (
    comparison_chart,
    comparison_rows,
    people_rows,
    scenario_words,
)
from headway.rendering.charts.chart import Chart


def scenarios(request: WorkspaceRequest, program: str) -> HttpResponse:
    """List what is tried, with what each makes of date, odds and money."""
    facts = program_named(request.actor, program, request.at)
    found = scenarios_of(request.actor, facts, request.at)
    opened = [one for one in found if one.is_open]
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "open": opened,
        "settled": [one for one in found if not one.is_open],
        "told": scenario_words(opened),
        "comparing": address(request, "compare_scenarios", program=program),
    }
    return render(request, "programs_web/scenarios.html", values)


def scenario(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Show what one scenario overrides, what it does, and what moved under it."""
    facts = program_named(request.actor, program, request.at)
    held = scenario_named(request.actor, facts, scenario, request.at)
    titles = _titles(request, facts)
    clashes = {one.place: one for one in held.conflicts}
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "scenario": held,
        "rows": [
            (place, told_change(one.change, titles, facts.currency), clashes.get(place))
            for place, one in enumerate(held.overrides)
        ],
        "inherited": [told_change(one.change, titles, facts.currency) for one in held.inherited],
        "columns": [held],
        "told": scenario_words([held]),
        "table": comparison_rows([held], facts.currency),
        "people": people_rows([held]),
        "comparing": address(request, "compare_scenarios", program=program),
    }
    return render(request, "programs_web/scenario.html", values)


def _titles(request: WorkspaceRequest, facts: ProgramFacts) -> dict[str, str]:
    parts = joined_parts(request.actor, facts, request.at)
    names = {f"{parts.slugs[item.project_id]}/{item.key}": item.name for item in parts.items}
    return names | {risk.key: risk.name for risk in parts.risks}


def compare(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Set scenarios side by side with the plan: a table, and their curves over each other."""
    facts = program_named(request.actor, program, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    known = [one for one in scenarios_of(request.actor, facts, request.at) if one.is_open]
    keys = request.GET.getlist("with") or [one.key for one in known[:3]]
    values |= {"known": known, "chosen": keys}
    try:
        found = compare_scenarios(request.actor, facts, keys, request.at)
    except Invalid as error:
        values |= {"problem": str(error) if known else ""}
        status = 422 if request.GET.getlist("with") else 200
        return render(request, "programs_web/compare.html", values, status=status)
    titles = _titles(request, facts)
    values |= {
        "found": found,
        "told": scenario_words(found.scenarios),
        "table": comparison_rows(found.scenarios, facts.currency, found.plan),
        "people": people_rows(found.scenarios, found.plan),
        "chart": _chart(found, facts.target),
        "paths": _paths(found, titles),
    }
    return render(request, "programs_web/compare.html", values)


def _chart(found: Comparison, target: date | None) -> Chart | None:
    try:
        return comparison_chart((found.plan, tuple(found.scenarios), target))
    except Invalid:
        return None


def _paths(found: Comparison, titles: Mapping[str, str]) -> list[tuple[str, list[str], list[str]]]:
    """Return the longest path and the drivers of the plan and of each scenario, in words."""
    owns = [(one.name, one.outlook.own if one.outlook else None) for one in found.scenarios]
    return [
        (
            name,
            [titles.get(one, one) for one in stand.path] if stand else [],
            [_cause(one, titles) for one in stand.drivers if one.days is None or one.days >= 0.05]
            if stand
            else [],
        )
        for name, stand in [("The plan", found.plan), *owns]
    ]


def _cause(one: Cause, titles: Mapping[str, str]) -> str:
    days = "" if one.days is None else f" {one.days:.1f}"
    return f"{titles.get(one.id, one.id)}{days}"


def add_scenario(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a scenario down; its changes come next, on its page."""
    facts = program_named(request.actor, program)
    known = scenarios_of(request.actor, facts)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = fresh_key(str(values["name"]), (one.key for one in known))
        made = set_scenario(request.actor, program, key, values, request.now)
        return Done(f"“{made.name}” is written down; now say what it changes.")

    page = address(request, "scenarios", program=program)
    lists = {"edit-scenarios": [one.key for one in known if one.is_open]}
    edit = Edit("Try something", page, ScenarioForm, save, blame="name", lists=lists)
    return edit_page(request, lambda: edit)


def edit_scenario(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Change the name and the words of a scenario."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        set_scenario(request.actor, program, scenario, values, request.now, version=version)
        return Done("The scenario is changed.")

    def load() -> Edit:
        held = scenario_named(request.actor, facts, scenario)
        return Edit(
            "Edit this scenario",
            address(request, "scenario", program=program, scenario=scenario),
            without(ScenarioForm, "parent"),
            save,
            {"name": held.name, "words": held.words},
            held.version,
            blame="name",
        )

    return edit_page(request, load)


def add_change(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Override one more thing of the plan."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        held = scenario_named(request.actor, facts, scenario)
        changes = [*_own(held), change_of(values, facts.currency)]
        made = set_scenario(
            request.actor, program, scenario, {"changes": changes}, request.now, version=version
        )
        return Done(f"“{made.name}” is tried with it.")

    def load() -> Edit:
        held = scenario_named(request.actor, facts, scenario)
        parts = joined_parts(request.actor, facts)
        items = [f"{parts.slugs[item.project_id]}/{item.key}" for item in parts.items]
        resources = [one.name for one in parts.resources]
        things = [*items, *resources, *(risk.key for risk in parts.risks)]
        return Edit(
            "Change one thing",
            address(request, "scenario", program=program, scenario=scenario),
            ChangeForm,
            save,
            version=held.version,
            blame="thing",
            button="Try it",
            lists={"edit-things": things, "edit-others": [*items, *resources]},
        )

    return edit_page(request, load)


def _own(held: ScenarioFacts) -> list[object]:
    return [dict(one.change) for one in held.overrides]


def drop_change(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Let one override go."""
    held = scenario_named(request.actor, program_named(request.actor, program), scenario)
    place = request.POST.get("place", "")
    if not (place.isascii() and place.isdigit() and int(place) < len(held.overrides)):
        sentence = "There is no such change any more; look at the scenario again."
        raise Conflict(sentence)
    left = [one for number, one in enumerate(_own(held)) if number != int(place)]
    version = asked_version(request)
    set_scenario(request.actor, program, scenario, {"changes": left}, request.now, version=version)
    return _back(request, program, scenario, "The change is let go.")


def _back(
    request: WorkspaceRequest, program: str, scenario: str, sentence: str, undo: str = ""
) -> HttpResponse:
    page = address(request, "scenario", program=program, scenario=scenario)
    return leave(request, page, Done(sentence, undo))


def weigh(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Work out again what every open scenario makes of the plan as it stands."""
    facts = program_named(request.actor, program)
    count = weigh_scenarios(request.actor, facts, request.now)
    page = address(request, "scenarios", program=program)
    return leave(request, page, Done(f"{count} scenarios are worked out anew."))


def accept(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Keep the overrides though the plan moved."""
    accept_moves(request.actor, (program, scenario), request.now, version=asked_version(request))
    return _back(request, program, scenario, "The overrides stand on the plan as it is now.")


def apply(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Make the changes in the plan; the forecast moves with it."""
    done = apply_scenario(
        request.actor,
        (program, scenario),
        request.now,
        anyway=bool(request.POST.get("anyway")),
        version=asked_version(request),
    )
    forecast_soon(request.actor, program, request.now)
    undo = address(request, "undo_scenario", program=program, scenario=scenario)
    told = f"“{done.name}” is applied: the plan is changed, and the forecast moved."
    return _back(request, program, scenario, told, undo)


def undo(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Take an applied scenario back."""
    done = undo_scenario(
        request.actor, (program, scenario), request.now, version=asked_version(request)
    )
    forecast_soon(request.actor, program, request.now)
    return _back(request, program, scenario, f"“{done.name}” is taken back.")


def throw_away(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Throw a scenario away."""
    gone = throw_away_scenario(
        request.actor, (program, scenario), request.now, version=asked_version(request)
    )
    undo = address(request, "bring_back_scenario", program=program, scenario=scenario)
    page = address(request, "scenarios", program=program)
    return leave(request, page, Done(f"“{gone.name}” is thrown away.", undo))


def bring_back(request: WorkspaceRequest, program: str, scenario: str) -> HttpResponse:
    """Take a scenario back that was thrown away."""
    back = bring_back_scenario(
        request.actor, (program, scenario), request.now, version=asked_version(request)
    )
    return _back(request, program, scenario, f"“{back.name}” is back.")


def try_option(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Write an option of a decision down as a scenario, and go there."""
    option = request.POST.get("option", "")
    made = scenario_from_option(request.actor, program, (decision, option), request.now)
    tell(request, f"“{made.name}” is a scenario now; the decision waits as before.")
    return redirect(address(request, "scenario", program=program, scenario=made.key))


def keep_what_if(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Keep what the forecast page supposed (risks left out) as a scenario, and go there."""
    facts = program_named(request.actor, program)
    names = _titles(request, facts)
    risks = list(dict.fromkeys(request.POST.getlist("without")))
    name = f"Without {', '.join(names.get(one, one) for one in risks)}"[:200]
    taken = (one.key for one in scenarios_of(request.actor, facts))
    values = {
        "name": name,
        "origin": "A what-if of the forecast page",
        "changes": [{"risk": one, "field": "state", "now": "closed"} for one in risks],
    }
    made = set_scenario(request.actor, program, fresh_key(name, taken), values, request.now)
    tell(request, f"“{made.name}” is a scenario now.")
    return redirect(address(request, "scenario", program=program, scenario=made.key))
