"""The roster: who is on it, how this week's check-ins stand, and when each is asked."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from headway.domain.accounts.rules import Permission, may
from headway.domain.checkins.actions import issue_check_in_link
from headway.domain.checkins.queries import answers_of, roster_page
from headway.domain.people.actions import set_person, set_rhythm
from headway.domain.people.queries import (
    own_person,
    people_of,
    person_named,
    rate_card,
    require_person,
)
from headway.domain.people.queries.skills import skills_of
from headway.domain.people.rules import PERSON_FIELDS, RHYTHM_FIELDS, PersonFacts
from headway.domain.people.rules.roster_file import skill_words
from headway.errors import Conflict, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.forms import PersonForm, RhythmForm
from headway.interfaces.web.people.narrowing import PAGE, page_at, paged, shown_lines
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, text_of

#: What the crumbs of this family begin with.
AREA = ("people", "People")


def people(request: WorkspaceRequest) -> HttpResponse:
    """List the roster with how this week stands, then what was answered last."""
    return _page(request)


def hand_out_link(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Make a one-time link to somebody's check-in, and show it this once."""
    secret = issue_check_in_link(request.actor, person, request.now)
    link = f"{settings.BASE_URL}{reverse('check_in_link', args=[secret])}"
    return _page(request, link=link, whose=person_named(request.actor, person).name)


def _page(request: WorkspaceRequest, **values: object) -> HttpResponse:
    at = request.at or request.now
    everybody = roster_page(request.actor, at)
    lines = shown_lines(request.GET, everybody)
    own, skills = own_person(request.actor), skills_of(request.actor)
    asked = [one for one in everybody if one.state in ("asked", "reminded", "answered")]
    page = page_at(request.GET.get("page", ""), len(lines))
    values |= {
        "everybody": everybody,
        "found": len(lines),
        "lines": [
            (one, skill_words(skills.get(one.person.key, {})))
            for one in lines[page * PAGE : (page + 1) * PAGE]
        ],
        "previous": paged(request, page - 1) if page else "",
        "following": paged(request, page + 1) if (page + 1) * PAGE < len(lines) else "",
        "teams": sorted({one.person.team for one in everybody if one.person.team}),
        "roles": sorted({one.person.role for one in everybody if one.person.role}),
        "chosen": {name: request.GET.get(name, "") for name in ("team", "role", "word")},
        "asked": asked,
        "answered": [one for one in asked if one.state == "answered"],
        "answers": answers_of(request.actor, request.at),
        "own": own.key if own else "",
        "manages": may(request.actor, Permission.PROGRAM),
        "mail_is_set": settings.MAIL_IS_SET,
    }
    return render(request, "people_web/people.html", values)


def add_person(request: WorkspaceRequest) -> HttpResponse:
    """Put somebody on the roster."""
    page = address(request, "people")

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values.pop("key"))
        try:
            person_named(request.actor, key)
        except NotFound:
            set_person(request.actor, key, values, request.now)
            return Done(f"{values['name']} is on the roster.")
        sentence = f"There is a person '{key}' already; choose another key."
        raise Conflict(sentence)

    start = {"is_asked": True}
    edit = Edit(
        "Put somebody on the roster",
        page,
        PersonForm,
        save,
        start,
        blame="key",
        lists=_lists(request),
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def edit_person(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Change somebody on the roster."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = person_named(request.actor, person)
        changed = set_person(request.actor, person, values, request.now, version=version)
        undo = _undo(request, "edit_person", before, changed, list(PERSON_FIELDS))
        return Done(f"{changed.name} is changed.", undo)

    def load() -> Edit:
        held = person_named(request.actor, person)
        return Edit(
            f"Edit {held.name}",
            address(request, "person", person=person),
            without(PersonForm, "key"),
            save,
            _held(held, list(PERSON_FIELDS)),
            held.version,
            lists=_lists(request),
            area=AREA,
        )

    return edit_page(request, load)


def edit_rhythm(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Say when somebody is asked: they themselves, or who runs programs."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = person_named(request.actor, person)
        changed = set_rhythm(request.actor, person, values, request.now, version=version)
        undo = _undo(request, "edit_rhythm", before, changed, list(RHYTHM_FIELDS))
        return Done("You are asked as you chose.", undo)

    def load() -> Edit:
        held = person_named(request.actor, person)
        require_person(request.actor, held)
        return Edit(
            f"When {held.name} is asked",
            address(request, "check_in", person=person),
            RhythmForm,
            save,
            _held(held, list(RHYTHM_FIELDS)),
            held.version,
            area=AREA,
        )

    return edit_page(request, load)


def _undo(
    request: WorkspaceRequest, route: str, before: PersonFacts, after: PersonFacts, names: list[str]
) -> str:
    """Return where the form is sent once more as it was; empty where nothing changed.

    What was there before is nowhere kept, so that a person can be erased: only the reader's own
    page holds it. Whoever changed them since is asked, as with any stale form.
    """
    if after.version == before.version:
        return ""
    held = {name: text_of(value) for name, value in _held(before, names).items()}
    on = {name: value for name, value in held.items() if value is not False}
    return again(request, route, before.key, {**on, "version": after.version})


def again(request: WorkspaceRequest, route: str, person: str, fields: Mapping[str, object]) -> str:
    """Return where a form is sent once more with the values of before: the undo of a change."""
    return f"{address(request, route, person=person)}?{urlencode(fields)}"


def _lists(request: WorkspaceRequest) -> dict[str, list[str]]:
    """Return what the fields of a person suggest: what the roster and the rate card hold."""
    people = people_of(request.actor)
    card = rate_card(request.actor)
    return {
        "edit-roles": sorted({one.role for one in people if one.role}),
        "edit-teams": sorted({one.team for one in people if one.team}),
        "edit-places": sorted({one.place for one in people if one.place}),
        "edit-people": [one.key for one in people],
        "edit-levels": [one.id for one in card.bands],
    }


def _held(person: PersonFacts, names: list[str]) -> dict[str, object]:
    """Return fields as the form's controls take them."""
    held = {name: getattr(person, name) for name in names}
    at = person.check_in_at
    return held | {"check_in_at": f"{at:%H:%M}" if at else ""}
