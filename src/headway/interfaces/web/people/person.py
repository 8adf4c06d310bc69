"""One person: role, team, hours, skills, certificates, growth plan, and pay for who may see it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.accounts.rules import Permission, may
from headway.domain.people.actions.roster import forget_person
from headway.domain.people.actions.skills import (
    remove_certification,
    set_certification,
    set_growth_plan,
    set_skills,
)
from headway.domain.people.queries import (
    names_of,
    own_person,
    person_named,
    rate_card,
    require_person,
    working_time_of,
)
from headway.domain.people.queries.pay import pay_of
from headway.domain.people.queries.skills import (
    certifications,
    growth_plan_of,
    may_read_growth,
    skills_of,
)
from headway.domain.people.queries.staffing import operations_loads
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.ladder import shipped_skills
from headway.domain.people.rules.pay import may_see_pay
from headway.domain.people.rules.roster_file import skills_text
from headway.domain.people.rules.skills import (
    CERTIFICATION_FIELDS,
    LEVELS,
    GrowthPlanFacts,
    known_skills,
    skills_version,
)
from headway.domain.people.rules.working_time import shown_hours
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.people.roster import AREA, again
from headway.interfaces.web.people.staffing_forms import (
    CertificationForm,
    GrowthForm,
    SkillsForm,
)
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import (
    Done,
    Edit,
    FormMaker,
    Save,
    asked_version,
    edit_page,
    leave,
)


def person(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Show what the roster knows of somebody; what is private only to those whose it is."""
    actor = request.actor
    held = person_named(actor, person)
    card, today = rate_card(actor, request.at), (request.at or request.now).date()
    own = own_person(actor)
    skills = skills_of(actor).get(person, {})
    values = {
        "person": held,
        "today": today,
        "is_here": held.is_employed(today),
        "manager": names_of(actor).get(held.manager, held.manager),
        "rate": card.rate_of(held.role, held.level),
        "level": card.level_of(held.role, held.level),
        "hours": _hours(request, held),
        "skills": sorted(
            ((skill, level, LEVELS[level]) for skill, level in skills.items()),
            key=lambda one: (-one[1], one[0].lower()),
        ),
        "certificates": [
            (one, one.standing(today)) for one in certifications(actor) if one.person == person
        ],
        "loads": [one for one in operations_loads(actor, request.at) if one.person == person],
        "growth": (growth := _growth(request, held)),
        "aim": card.band(growth.aim) if growth else None,
        "writes_growth": may_read_growth(actor, held),
        "sees_pay": may_see_pay(actor),
        "pays": pay_of(actor, person) if may_see_pay(actor) else (),
        "changes": is_live(request)
        and (may(actor, Permission.PROGRAM) or (own is not None and own.key == person)),
        "manages": is_live(request) and may(actor, Permission.PROGRAM),
        "forgets": is_live(request) and may(actor, Permission.MEMBERS),
    }
    return render(request, "people_web/person.html", values)


def _growth(request: WorkspaceRequest, held: PersonFacts) -> GrowthPlanFacts | None:
    try:
        return growth_plan_of(request.actor, held.key)
    except NotFound:
        return None


def _hours(request: WorkspaceRequest, held: PersonFacts) -> dict[str, str]:
    try:
        told = working_time_of(request.actor, held.key, request.at)
    except NotFound:
        return {}
    return {name: text for name, text in shown_hours(told).items() if text}


def edit_skills(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Say how well somebody does what: they themselves, or who runs programs."""
    require_person(request.actor, person_named(request.actor, person))

    def save(values: dict[str, object], version: int | None) -> Done:
        before = skills_of(request.actor).get(person, {})
        saved = set_skills(request.actor, person, values["skills"], request.now, version=version)
        undo = again(request, "edit_skills", person, {"skills": skills_text(before)})
        return Done("The skills are written down.", undo if saved != before else "")

    def load() -> Edit:
        everybody = skills_of(request.actor)
        mine = everybody.get(person, {})
        held = {"skills": "\n".join(f"{k} {v}" for k, v in mine.items())}
        used = [skill for skills in everybody.values() for skill in skills]
        lists = {"edit-skills": list(known_skills(used))}
        edit = _edit(request, person, "What {} can do", SkillsForm, save)
        return replace(edit, held=held, lists=lists, version=skills_version(mine))

    return edit_page(request, load)


def edit_certificate(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Write down a certificate, or change one of the same name."""
    require_person(request.actor, person_named(request.actor, person))

    def save(values: dict[str, object], _version: int | None) -> Done:
        name = str(values.pop("name"))
        set_certification(request.actor, person, name, values, request.now)
        return Done(f"{name} is written down.")

    def load() -> Edit:
        lists = {"edit-certificates": list(shipped_skills()["certifications"])}
        edit = _edit(request, person, "A certificate of {}", CertificationForm, save)
        return replace(edit, lists=lists)

    return edit_page(request, load)


def drop_certificate(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Take a certificate away."""
    name = request.POST.get("name", "")
    held = [
        one for one in certifications(request.actor) if (one.person, one.name) == (person, name)
    ]
    remove_certification(request.actor, person, name, request.now, version=asked_version(request))
    fields = {field: getattr(held[0], field) or "" for field in CERTIFICATION_FIELDS}
    undo = again(request, "edit_certificate", person, fields)
    page = address(request, "person", person=person)
    return leave(request, page, Done(f"{name} is gone.", undo))


def edit_growth(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Write a growth plan: whose it is, or their manager; nobody else learns of it."""
    held = person_named(request.actor, person)
    if not may_read_growth(request.actor, held):
        sentence = f"There is no growth plan of '{person}' that you may change."
        raise NotFound(sentence)

    def save(values: dict[str, object], version: int | None) -> Done:
        set_growth_plan(request.actor, person, values, request.now, version=version)
        return Done("The growth plan is written down.")

    def load() -> Edit:
        plan = _growth(request, held)
        fields = {} if plan is None else {name: getattr(plan, name) for name in _GROWTH}
        lists = {"edit-levels": [one.id for one in rate_card(request.actor).bands]}
        edit = _edit(request, person, "Where {} wants to grow", GrowthForm, save)
        version = plan.version if plan else None
        return replace(edit, held=fields, lists=lists, version=version)

    return edit_page(request, load)


_GROWTH = ("aim", "steps", "review_on", "is_shared")


def _edit(request: WorkspaceRequest, person: str, title: str, form: FormMaker, save: Save) -> Edit:
    """Return an edit of somebody's page, without what it holds."""
    name = person_named(request.actor, person).name
    page = address(request, "person", person=person)
    return Edit(title.format(name), page, form, save, area=AREA)


def forget(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Erase somebody; the page asks for their key once more, for it cannot be undone."""
    person_named(request.actor, person)
    if request.POST.get("key", "") != person:
        tell(request, f"Nobody was erased: write the key '{person}' to confirm.")
        return redirect(address(request, "person", person=person))
    forget_person(request.actor, person, request.now)
    tell(request, f"All that was known of '{person}' is erased; plans keep the key.")
    return redirect(address(request, "people"))
