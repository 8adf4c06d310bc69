"""The heat map of many people over two years, against a plain NumPy sum of the same arrays.

The floor adds up, for each allocation and week, the minutes that its person works on its days: one
matrix product over days. The page's floor is the same page of a workspace with next to nobody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.timing import best_of

if TYPE_CHECKING:
    from uuid import UUID

    from headway.domain.accounts.rules import Actor

PEOPLE, WEEKS, EACH = 500, 104, 6
START = date(2026, 6, 1)


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds)."""
    import django

    django.setup()
    from headway.domain.installation.actions import prepare_database
    from headway.domain.people.rules.loads import (
        Portion,
        Weeks,
        Worker,
        hours_of,
        loads,
        summed,
    )

    weeks = Weeks.of(START, WEEKS)
    hours = hours_of([Worker()] * PEOPLE, frozenset(), weeks)
    rng = random.Random(0)
    portions = [
        Portion(row, begin, min(begin + 14 + rng.randrange(200), weeks.days), 400_000)
        for row in range(PEOPLE)
        for begin in (rng.randrange(weeks.days - 30) for _ in range(EACH))
    ]
    rows = [one.row for one in portions]
    name = f"load of {PEOPLE} people, {len(portions):,} allocations, {WEEKS} weeks"
    ours = best_of(5, lambda: summed(loads(portions, hours, weeks), rows, PEOPLE))
    yield name, ours, best_of(5, lambda: _floor(portions, hours.minutes))
    prepare_database()
    large, small = _Staffed("staffed", PEOPLE), _Staffed("few", 3)
    floor = small.seconds("people/capacity/")
    for words, page in (
        ("heat map of 500 people, folded, 26 weeks", "people/capacity/"),
        ("the same, 104 weeks, busiest 100 rows", "people/capacity/?weeks=104&sort=load"),
        ("a person's two years in numbers", "people/capacity/p7/?weeks=104"),
        ("a program's heat map, 500 people", "programs/program/capacity/"),
        ("allocations of 500 people", "people/allocations/"),
        ("roster of 500 people", "people/"),
        ("skills and gaps of 500 people", "people/skills/"),
        ("40 openings, and demand by role", "people/hiring/"),
        ("operations load of 100 systems", "people/operations/"),
        ("60 requests: who is free when", "people/requests/"),
    ):
        yield words, large.seconds(page), floor


def _floor(portions: Sequence[object], minutes: np.ndarray) -> np.ndarray:
    total = np.zeros((len(minutes), minutes.shape[1]), dtype=np.int64)
    for one in portions:
        days = slice(one.begin, one.end)  # type: ignore[attr-defined]
        total[one.row, days] += minutes[one.row, days] * one.share  # type: ignore[attr-defined]
    return total.reshape(len(minutes), -1, 7).sum(axis=2)


def _staff(actor: Actor, workspace: UUID, rng: random.Random) -> None:
    """Give people skills, write openings and requests down, reserve hours for live systems."""
    from tests.builders.workspace import MOMENT

    from headway.domain.people.actions.requests import set_request
    from headway.domain.people.actions.staffing import add_operations_load, set_opening
    from headway.domain.people.models import Person, SkillLevel
    from headway.domain.programs.queries import programs_of, systems_of

    people = list(Person.objects.filter(workspace_id=workspace))
    SkillLevel.objects.bulk_create(
        SkillLevel(workspace_id=workspace, person=one, skill=skill, level=rng.randrange(1, 5))
        for one in people
        for skill in rng.sample([f"skill {n}" for n in range(40)], 6)
    )
    if len(people) < 10:
        return
    slugs = [one.slug for one in programs_of(actor)]
    for number in range(40):
        wanted = {"role": f"role {number % 12}"}
        set_opening(actor, f"opening-{number}", wanted, MOMENT, program=slugs[number % len(slugs)])
    span = {"share": 0.5, "starts_on": "2026-12-01", "ends_on": "2027-03-01"}
    for number in range(60):
        asked = {"role": f"role {number % 12}", "skills": "skill 3 2", **span}
        set_request(actor, slugs[number % len(slugs)], f"request-{number}", asked, MOMENT)
    for number, system in enumerate(systems_of(actor)[:100]):
        load = {"kind": "on_call", "person": f"p{number}", "hours": 3}
        add_operations_load(actor, system.slug, load, MOMENT)


class _Staffed:
    """A workspace of 200 projects with so many people allocated; its owner signed in."""

    def __init__(self, slug: str, people: int) -> None:
        from tests.builders.workspace import MOMENT, Size, build_workspace
        from tests.cast import a_member
        from tests.doors import browser_of

        from headway.domain.accounts.queries import headway_actor
        from headway.domain.accounts.rules import Role
        from headway.domain.people.actions.allocations import import_allocations
        from headway.domain.people.models import Person
        from headway.domain.plans.actions import make_forecast
        from headway.domain.programs.queries import programs_of

        size = Size(projects=200, items=4_000, records=10, programs=20)
        workspace = build_workspace(size if people > 10 else Size(2, 10, 5), slug=slug)
        actor = headway_actor(workspace.id)
        rng = random.Random(1)
        Person.objects.bulk_create(
            Person(workspace=workspace, key=f"p{n}", name=f"Person {n}", role=f"role {n % 12}")
            for n in range(people)
        )
        projects = size.projects if people > 10 else 2
        rows = []
        for number in range(people * EACH):
            begin = START + timedelta(days=rng.randrange(600))
            values: dict[str, object] = {
                "person": f"p{number % people}",
                "project": f"project-{rng.randrange(projects)}",
                "share": rng.choice([0.2, 0.4, 0.5]),
                "starts_on": begin,
                "ends_on": begin + timedelta(days=20 + rng.randrange(150)),
                "key": f"a{number}",
            }
            rows.append((number, values))
        import_allocations(actor, rows, MOMENT)
        _staff(actor, workspace.id, rng)
        for program in programs_of(actor):
            make_forecast(actor, program.slug, MOMENT + timedelta(minutes=1), trials=200)
        self.slug = slug
        self.client = browser_of(a_member(workspace, f"Olga-{slug}", Role.OWNER))

    def seconds(self, page: str) -> float:
        """Return the least wall seconds of `page` in five visits, after one to warm up."""
        address = f"/w/{self.slug}/{page}"
        answer = self.client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return best_of(5, lambda: self.client.get(address, headers={"host": "localhost"}))
