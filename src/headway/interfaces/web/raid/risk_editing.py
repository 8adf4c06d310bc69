"""Writing to the register of risks: each change is forecast at once, and says how P80 moved."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse

from headway.domain.people.queries import names_of
from headway.domain.plans.actions import forecast_soon, set_risk_effects
from headway.domain.plans.queries import ForecastFacts, latest_forecast, plan_value
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.actions import (
    close_risk,
    occur_risk,
    restore_risk,
    set_risk,
    set_risk_policy,
)
from headway.domain.risks.queries import assumptions_of, issues_of, policy_of, risk_named, risks_of
from headway.domain.risks.rules import RISK_FIELDS, PolicyFacts
from headway.errors import Conflict
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.raid.registers import addresses
from headway.interfaces.web.raid.risk_forms import PolicyForm, RiskForm
from headway.rendering import phrases

_NEW = {"kind": "threat", "state": "open", "stage": "identified"}


def add_risk(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a risk down, with the items that it delays."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values.pop("key"))
        if key and key in {one.key for one in risks_of(request.actor, parent)}:
            sentence = f"There is a risk '{key}' already; choose another key."
            raise Conflict(sentence)
        items = addresses(values.pop("items"))
        with transaction.atomic():
            made = set_risk(request.actor, program, key, _given(values), request.now)
            set_risk_effects(request.actor, program, made.key, items, request.now)
        moved = forecast_words(request, parent)
        return Done(f"The risk {made.name} is written down.{moved}")

    page = address(request, "risks", program=program)
    lists = _lists(request, parent)
    edit = Edit("Add a risk", page, RiskForm, save, _NEW, blame="items", lists=lists)
    return edit_page(request, lambda: edit)


def edit_risk(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Change a risk and the items that it delays; a closed one delays none."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        before = risk_named(request.actor, parent, risk)
        items = addresses(values.pop("items")) if "items" in values else None
        with transaction.atomic():
            given = _given(values)
            saved = set_risk(request.actor, program, risk, given, request.now, version=version)
            if items is not None:
                set_risk_effects(request.actor, program, risk, items, request.now)
        undo = address(request, "restore_risk", program=program, risk=risk, version=before.version)
        moved = forecast_words(request, parent)
        return Done(f"The risk {saved.name} is changed.{moved}", undo if saved != before else "")

    def load() -> Edit:
        held = risk_named(request.actor, parent, risk)
        plan = plan_value(request.actor, parent)
        delays = next((one.delays for one in plan.risks if one.id == risk), None)
        gone = ("key",) if delays is not None else ("key", "items")
        fields = {name: getattr(held, name) for name in RISK_FIELDS}
        for names in ("closes_resources", "closes_items"):
            fields[names] = ", ".join(fields[names])
        is_open = held.state != "closed"
        return Edit(
            f"Edit {held.name}",
            address(request, "risk", program=program, risk=risk),
            without(RiskForm, *gone),
            save,
            fields | {"items": ", ".join(delays or ())},
            held.version,
            blame="items" if delays is not None else "",
            lists=_lists(request, parent),
            remove=address(request, "close_risk", program=program, risk=risk) if is_open else "",
            remove_label="Close this risk",
        )

    return edit_page(request, load)


def shut_risk(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Close a risk; the toast opens it again."""
    parent = program_named(request.actor, program)
    before = risk_named(request.actor, parent, risk)
    close_risk(request.actor, program, risk, request.now, version=asked_version(request))
    moved = forecast_words(request, parent)
    return _left(
        request, (program, risk), f"The risk {before.name} is closed.{moved}", before.version
    )


def occur(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Say that a risk occurred: it is an issue from now on, and certain in the plan."""
    parent = program_named(request.actor, program)
    before = risk_named(request.actor, parent, risk)
    occur_risk(request.actor, program, risk, request.now, version=asked_version(request))
    raised = [one for one in issues_of(request.actor, parent) if one.risk_id == before.id]
    moved = forecast_words(request, parent)
    said = (
        f"“{before.name}” occurred; the issue {raised[0].key if raised else ''} is raised.{moved}"
    )
    return _left(request, (program, risk), said, before.version)


def undo_risk(request: WorkspaceRequest, program: str, risk: str, version: int) -> HttpResponse:
    """Put a risk back to an earlier version."""
    back = restore_risk(request.actor, program, risk, version, request.now)
    moved = forecast_words(request, program_named(request.actor, program))
    page = address(request, "risk", program=program, risk=risk)
    return leave(request, page, Done(f"{back.name} is as it was before.{moved}"))


def escalate(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Give a risk that its owner cannot settle to somebody else; the toast takes it back."""
    before = risk_named(request.actor, program_named(request.actor, program), risk)
    whom = {"escalated_to": request.POST.get("escalated_to", "")}
    version = asked_version(request)
    saved = set_risk(request.actor, program, risk, whom, request.now, version=version)
    said = (
        f"“{saved.name}” is with {saved.escalated_to} now."
        if saved.escalated_to
        else f"“{saved.name}” is with its owner again."
    )
    return _left(request, (program, risk), said, before.version)


def edit_policy(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say what the program tolerates of one risk, and where its matrix is cut."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        known = version or None  # 0: nobody had set it yet
        set_risk_policy(request.actor, program, values, request.now, version=known)
        return Done("What the program tolerates is set.")

    def load() -> Edit:
        held = policy_of(request.actor, parent)
        return Edit(
            "Appetite and matrix",
            address(request, "risks", program=program),
            PolicyForm,
            save,
            _policy_fields(held),
            held.version or None,
            blame="chance_bounds",
        )

    return edit_page(request, load)


def forecast_words(request: WorkspaceRequest, program: ProgramFacts) -> str:
    """Forecast the changed plan at once and say how P80 moved; empty where there is no forecast."""
    before = latest_forecast(request.actor, program)
    if before is None or not forecast_soon(request.actor, program.slug, request.now):
        return ""
    return _moved(before, latest_forecast(request.actor, program))


def _moved(before: ForecastFacts, after: ForecastFacts | None) -> str:
    if after is None or after.id == before.id:
        return ""
    then, now = before.finish("p80"), after.finish("p80")
    if then is None or now is None:
        return " There is no P80: more than a fifth of the outcomes never finish."
    if then == now:
        return f" P80 stays on {phrases.day(now)}."
    days = (now - then).days
    shift = f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"
    return f" P80 moves from {phrases.day(then)} to {phrases.day(now)}: {shift}."


def _left(
    request: WorkspaceRequest, place: tuple[str, str], said: str, version: int
) -> HttpResponse:
    here = {"program": place[0], "risk": place[1]}
    undo = address(request, "restore_risk", **here, version=version)
    return leave(request, address(request, "risk", **here), Done(said, undo))


def _given(values: dict[str, object]) -> dict[str, object]:
    """Return what was typed; a stage that the form did not offer stays as it is."""
    return {name: value for name, value in values.items() if name != "stage" or value}


def _policy_fields(held: PolicyFacts) -> dict[str, object]:
    bounds = {
        name: ", ".join(f"{one:g}" for one in getattr(held, name))
        for name in ("chance_bounds", "days_bounds", "money_bounds")
    }
    return {"appetite_days": held.appetite_days, "appetite_money": held.appetite_money, **bounds}


def _lists(request: WorkspaceRequest, program: ProgramFacts) -> dict[str, list[str]]:
    return {
        "edit-people": sorted(names_of(request.actor)),
        "edit-items": [item.id for item in plan_value(request.actor, program).items],
        "edit-assumptions": [one.key for one in assumptions_of(request.actor, program)],
    }
