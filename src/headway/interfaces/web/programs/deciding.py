"""Decisions of a program: what waits, what each option would do, and taking one."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify

from headway.domain.accounts.queries import BY_LINK, names_by_address
from headway.domain.people.queries import names_of
from headway.domain.plans.actions import (
    forecast_decided,
    reopen_decision,
    set_decision,
    take_decision,
)
from headway.domain.plans.queries import (
    decision_named,
    decisions_of,
    latest_forecast,
    may_answer,
    outcomes_of,
    plan_value,
)
from headway.domain.plans.rules import DECISION_FIELDS
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import decimal, to_minor
from headway.domain.sharing.queries import decision_links
from headway.errors import Conflict, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.decision_forms import (
    CHANGES,
    DecisionForm,
    OptionForm,
)
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.programs.options import option_rows
from headway.interfaces.web.programs.program import head_of


def decisions(request: WorkspaceRequest, program: str) -> HttpResponse:
    """List what waits for somebody, then what was decided."""
    facts = program_named(request.actor, program, request.at)
    found = decisions_of(request.actor, facts, request.at)
    names, takers = names_of(request.actor), names_by_address(request.actor)
    today = (request.at or request.now).date()
    rows = [(one, names.get(one.owner, one.owner), one.is_overdue(today)) for one in found]
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "waiting": [row for row in rows if row[0].is_open],
        "withdrawn": [one for one in found if one.state == "withdrawn"],
        "outcomes": [
            (one, _taker(takers, one.decision.taken_by))
            for one in outcomes_of(request.actor, facts, request.at)
        ],
    }
    return render(request, "programs_web/decisions.html", values)


def decision(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Show the question, and each option beside what it would do to date, odds and money."""
    facts = program_named(request.actor, program, request.at)
    held = decision_named(request.actor, facts, decision, request.at)
    plan = plan_value(request.actor, facts, request.at)
    titles = {item.id: item.name for item in plan.items}
    names = names_of(request.actor)
    latest = latest_forecast(request.actor, facts, request.at)
    values = head_of(request, facts, latest)
    values |= {
        "decision": held,
        "now_p80": latest.finish("p80") if latest else None,
        "taken_by": _taker(names_by_address(request.actor), held.taken_by),
        "may_take": is_live(request) and held.is_open and may_answer(request.actor, held),
        "links": decision_links(request.actor, held, request.at or request.now),
        "owner": names.get(held.owner, held.owner),
        "rows": option_rows(held, titles, facts.currency),
        "chosen": held.option(held.chosen),
        "taken": held.outlook.of(held.chosen) if held.outlook and held.chosen else None,
    }
    return render(request, "programs_web/decision.html", values)


def _taker(names: Mapping[str, str], label: str) -> str:
    """Return who took a decision: by name, for an address is not shown."""
    if label.endswith(BY_LINK):
        return label
    return names.get(label.partition(" by token ")[0], "a member")


def add_decision(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a question down; its options come next, on its page."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values.pop("key"))
        if key in {one.key for one in decisions_of(request.actor, facts)}:
            sentence = f"There is a decision '{key}' already; choose another key."
            raise Conflict(sentence)
        set_decision(request.actor, program, key, values, request.now)
        return Done("The question is written down; now give it its options.")

    page = address(request, "decisions", program=program)
    form = without(DecisionForm, "recommended")
    edit = Edit("Ask for a decision", page, form, save, blame="question")
    return edit_page(request, lambda: edit)


def edit_decision(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Change the question, who answers it, by when, and what is recommended."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        set_decision(request.actor, program, decision, values, request.now, version=version)
        return Done("The decision is changed.")

    def load() -> Edit:
        held = decision_named(request.actor, facts, decision)
        fields = {name: getattr(held, name) for name in DECISION_FIELDS if name != "options"}
        place = {"program": program, "decision": decision}
        return Edit(
            "Edit this decision",
            address(request, "decision", **place),
            without(DecisionForm, "key"),
            save,
            fields,
            held.version,
            blame="recommended",
            lists={"edit-options": [option.key for option in held.options]},
            remove=address(request, "withdraw_decision", **place) if held.is_open else "",
            remove_label="Withdraw this question",
        )

    return edit_page(request, load)


def add_option(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Add an option with what it would change in the plan."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        held = decision_named(request.actor, facts, decision)
        name = str(values["name"])
        option = {
            "key": slugify(name)[:60] or f"option-{len(held.options) + 1}",
            "name": name,
            "words": values["words"],
            "changes": _changes(values, facts),
        }
        before = [
            {"key": one.key, "name": one.name, "words": one.words, "changes": list(one.changes)}
            for one in held.options
        ]
        options = {"options": [*before, option]}
        set_decision(request.actor, program, decision, options, request.now, version=version)
        return Done(f"The option “{name}” is weighed.")

    def load() -> Edit:
        held = decision_named(request.actor, facts, decision)
        return Edit(
            "Add an option",
            address(request, "decision", program=program, decision=decision),
            OptionForm,
            save,
            version=held.version,
            blame="item_1",
            button="Weigh it",
            lists={"edit-items": [item.id for item in plan_value(request.actor, facts).items]},
        )

    return edit_page(request, load)


def _changes(values: dict[str, object], program: ProgramFacts) -> list[dict[str, object]]:
    """Return the rows of the form as changes of the plan; empty rows are left out."""
    changes: list[dict[str, object]] = []
    for row in range(1, CHANGES + 1):
        item, what = str(values[f"item_{row}"] or ""), str(values[f"what_{row}"])
        now: object = values[f"now_{row}"]
        if not item:
            continue
        if what == "drop":
            changes.append({"drop": item})
            continue
        if now in (None, ""):
            sentence = f"Say what “{what.replace('_', ' ')}” of {item} becomes."
            raise Invalid(sentence)
        if what == "cost_minor":
            now = to_minor(decimal("cost", now), program.currency)
        changes.append({"item": item, "field": what, "now": now})
    return changes


def take(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Take an option: the plan changes, and the forecast with it."""
    here = address(request, "decision", program=program, decision=decision)
    taken = take_decision(
        request.actor,
        (program, decision),
        request.POST.get("option", ""),
        request.now,
        reason=request.POST.get("reason", ""),
        version=asked_version(request),
    )
    forecast_decided(request.actor, program, request.now)
    option = taken.option(taken.chosen)
    tell(request, f"Decided: {option.name if option else taken.chosen}. The forecast moved.")
    return redirect(here)


def reopen(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Ask the question again."""
    reopen_decision(request.actor, program, decision, request.now, version=asked_version(request))
    done = Done("The question is open again. What the old answer changed in the plan stays.")
    return leave(request, address(request, "decision", program=program, decision=decision), done)


def withdraw_decision(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Take the question back: it waits for nobody any more."""
    held = decision_named(request.actor, program_named(request.actor, program), decision)
    set_decision(
        request.actor,
        program,
        held.key,
        {"state": "withdrawn"},
        request.now,
        version=asked_version(request),
    )
    done = Done("The question is withdrawn.")
    return leave(request, address(request, "decisions", program=program), done)
