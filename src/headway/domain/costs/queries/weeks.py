"""Time sheets of people, week by week: one's own, or of those whose programs one runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.rules.weeks import WeekFacts, WeekLine, held_lines
from headway.domain.people.models import Allocation, TimeSheet
from headway.domain.people.queries import person_named, require_person
from headway.domain.people.rules import PersonFacts
from headway.domain.programs.models import Project

#: Weeks that are looked back for what somebody worked on last.
_BACK = 8


def week_of(actor: Actor, person: str, week: date) -> WeekFacts:
    """Return somebody's week, empty where nothing was written. Raises Refused for others' weeks."""
    require(actor, Permission.VIEW)
    held = person_named(actor, person)
    require_person(actor, held)
    row = TimeSheet.objects.filter(person_id=held.id, week=week).first()
    return week_facts(held, week, row)


def weeks_of(actor: Actor, person: str) -> Sequence[WeekFacts]:
    """Return somebody's weeks, the newest first. Raises Refused for others' weeks."""
    require(actor, Permission.VIEW)
    held = person_named(actor, person)
    require_person(actor, held)
    rows = TimeSheet.objects.filter(person_id=held.id).order_by("-week")
    return [week_facts(held, row.week, row) for row in rows]


def week_facts(person: PersonFacts, week: date, row: TimeSheet | None) -> WeekFacts:
    """Return a week as a frozen value."""
    if row is None:
        return WeekFacts(person.id, person.key, person.name, week, "draft", (), 0)
    lines = held_lines(row.lines)
    return WeekFacts(person.id, person.key, person.name, week, row.state, lines, row.version)


def last_lines(actor: Actor, person: str, week: date) -> Sequence[WeekLine]:
    """Return what somebody wrote in the newest of the weeks before this one."""
    before = [one for one in weeks_of(actor, person) if one.week < week and one.lines]
    near = [one for one in before if one.week >= week - timedelta(weeks=_BACK)]
    return near[0].lines if near else ()


def allocated_to(actor: Actor, person: str, week: date) -> Sequence[tuple[str, str]]:
    """Return the projects, and items, that somebody is allocated to in a week."""
    require(actor, Permission.VIEW)
    rows = Allocation.objects.filter(
        workspace_id=actor.workspace_id,
        person__key=person,
        project__isnull=False,
        starts_on__lte=week + timedelta(days=6),
        ends_on__gte=week,
    )
    return sorted(set(rows.values_list("project__slug", "item")))


def project_words(actor: Actor) -> Mapping[str, str]:
    """Return the address of each project by its address and by its name, in small letters."""
    require(actor, Permission.VIEW)
    rows = Project.objects.filter(workspace_id=actor.workspace_id)
    return {
        word.lower(): slug
        for slug, name in rows.values_list("slug", "name")
        for word in (name, slug)
    }
