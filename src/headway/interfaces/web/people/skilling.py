"""Skills against the plan: who can do what, what the next weeks ask for, who alone can do it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.people.actions.skills import restore_skill_need, set_skill_need
from headway.domain.people.queries import names_of
from headway.domain.people.queries.skills import skill_needs
from headway.domain.people.rules.skills import LEVELS, known_skills
from headway.domain.programs.queries import systems_of
from headway.domain.progress.queries.skills_page import (
    MOST_WEEKS,
    WEEKS,
    SkillsPage,
    absence_effects,
    skills_page,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.narrowing import PAGE, page_at, paged
from headway.interfaces.web.people.roster import AREA
from headway.interfaces.web.people.staffing_forms import SkillNeedForm
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave

#: Columns of the matrix; further skills are on each person's page.
MOST_COLUMNS = 12


def skills(request: WorkspaceRequest) -> HttpResponse:
    """Show gaps first, then whom the work hangs on, then the matrix."""
    today = (request.at or request.now).date()
    found = skills_page(request.actor, request.at, today, weeks=_weeks(request))
    names = names_of(request.actor)
    away = request.GET.get("away", "")
    columns = _columns(found)
    page = page_at(request.GET.get("page", ""), len(found.people))
    values = {
        "found": found,
        "names": names,
        "gaps": [
            (one, LEVELS[one.level], [names.get(key, key) for key in one.able],
             [names.get(key, key) for key in one.near])
            for one in found.gaps
        ],
        "open": [one for one in found.gaps if one.verdict == "nobody"],
        "thin": [one for one in found.gaps if one.verdict == "one person"],
        "points": [(one, names.get(one.person, one.person)) for one in found.points],
        "away": away if away in {one.person for one in found.points} else "",
        "effects": _effects(request, away, found),
        "ending": [
            (one, names.get(one.person, one.person), one.standing(today)) for one in found.ending
        ],
        "columns": columns,
        "headings": [one.partition(" (")[0] for one in columns],
        "matrix": [
            (one, [found.levels.get(one.key, {}).get(skill, 0) for skill in columns])
            for one in found.people[page * PAGE : (page + 1) * PAGE]
        ],
        "previous": paged(request, page - 1) if page else "",
        "following": paged(request, page + 1) if (page + 1) * PAGE < len(found.people) else "",
        "changes": is_live(request) and may(request.actor, Permission.PLAN),
    }  # fmt: skip
    return render(request, "people_web/skills.html", values)


def _weeks(request: WorkspaceRequest) -> int:
    text = request.GET.get("weeks", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else WEEKS
    return min(max(1, asked), MOST_WEEKS)


def _effects(request: WorkspaceRequest, away: str, found: SkillsPage) -> object:
    """Return what an absence costs, where one is asked for that the page offers."""
    if away not in {one.person for one in found.points}:
        return ()
    return absence_effects(request.actor, away, request.at, found.today)


def _columns(found: SkillsPage) -> list[str]:
    """Return the skills that the matrix shows: those asked for, then those most people have."""
    asked = [one.skill for one in found.gaps]
    counts: dict[str, int] = {}
    for held in found.levels.values():
        for skill, level in held.items():
            counts[skill] = counts.get(skill, 0) + bool(level)
    common = sorted(counts, key=lambda one: (-counts[one], one.lower()))
    by_name = {one.lower(): one for one in reversed([*asked, *common])}
    order = dict.fromkeys(one.lower() for one in [*asked, *common])
    # A skill that is asked for is written as people who have it do: their levels stand by it.
    held_names = {one.lower(): one for one in counts}
    return [held_names.get(one, by_name[one]) for one in order][:MOST_COLUMNS]


def edit_need(request: WorkspaceRequest) -> HttpResponse:
    """Say which level of a skill a role, an item or a system asks for."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        need = (str(values["sort"]), str(values["about"]), str(values["skill"]))
        before = {(one.sort, one.about, one.skill): one for one in skill_needs(request.actor)}
        set_skill_need(request.actor, need, values["level"], request.now)
        held = before.get(need)
        undo = _undo(request, need, held.version) if held else ""
        return Done(f"{need[1]} asks for {need[2]}, or does no more, as you wrote.", undo)

    needs = skill_needs(request.actor)
    lists = {
        "edit-skills": list(known_skills([one.skill for one in needs])),
        "edit-about": sorted(
            {one.about for one in needs} | {one.slug for one in systems_of(request.actor)}
        ),
    }
    edit = Edit(
        "What work asks for",
        address(request, "skills"),
        SkillNeedForm,
        save,
        {"sort": "role", "level": "2"},
        blame="about",
        lists=lists,
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def _undo(request: WorkspaceRequest, need: tuple[str, str, str], version: int) -> str:
    named = dict(zip(("sort", "about", "skill"), need, strict=True))
    path = address(request, "restore_need", version=version)
    return f"{path}?{urlencode(named)}"


def undo_need(request: WorkspaceRequest, version: int) -> HttpResponse:
    """Put what was asked for back."""
    need = tuple(request.GET.get(name, "") for name in ("sort", "about", "skill"))
    restore_skill_need(request.actor, (need[0], need[1], need[2]), version, request.now)
    return leave(request, address(request, "skills"), Done("It is asked for as before."))
