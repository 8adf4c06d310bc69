"""Every read of skills, of what work asks for, of certificates and of growth plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import (
    Certification,
    GrowthPlan,
    Person,
    SkillLevel,
    SkillNeed,
)
from headway.domain.people.queries import own_person, person_named
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.skills import (
    CertificationFacts,
    GrowthPlanFacts,
    SkillNeedFacts,
)
from headway.domain.programs.queries import facts, rows_at
from headway.errors import NotFound


def skills_of(actor: Actor) -> Mapping[str, Mapping[str, int]]:
    """Return everybody's levels by key and skill. As the roster they have no past."""
    require(actor, Permission.VIEW)
    rows = SkillLevel.objects.filter(workspace_id=actor.workspace_id).order_by("skill")
    found: dict[str, dict[str, int]] = {}
    for key, skill, level in rows.values_list("person__key", "skill", "level"):
        found.setdefault(key, {})[skill] = level
    return found


def skill_needs(actor: Actor, at: datetime | None = None) -> Sequence[SkillNeedFacts]:
    """Return what roles, items and systems ask for, by what they are about."""
    require(actor, Permission.VIEW)
    rows = rows_at(SkillNeed, at, workspace_id=actor.workspace_id)
    found = [facts(SkillNeedFacts, row) for row in rows]
    return sorted(found, key=lambda one: (one.sort, one.about.lower(), one.skill.lower()))


def certifications(actor: Actor) -> Sequence[CertificationFacts]:
    """Return everybody's certificates, those that end first in front."""
    require(actor, Permission.VIEW)
    rows = Certification.objects.select_related("person").filter(workspace_id=actor.workspace_id)
    found = [facts(CertificationFacts, row, person=row.person.key) for row in rows]
    return sorted(found, key=lambda one: (one.expires_on is None, str(one.expires_on), one.name))


def may_read_growth(actor: Actor, person: PersonFacts, *, is_shared: bool = False) -> bool:
    """Say whether `actor` may read a growth plan: whose it is, and their manager; others if shared.

    No role opens it: an owner of the workspace is neither.
    """
    own = own_person(actor)
    is_near = own is not None and own.key in (person.key, person.manager)
    return is_near or is_shared


def growth_plan_of(actor: Actor, key: str) -> GrowthPlanFacts:
    """Return somebody's growth plan. NotFound where there is none, or it is not the reader's."""
    require(actor, Permission.VIEW)
    person = person_named(actor, key)
    row = GrowthPlan.objects.filter(person_id=person.id).first()
    if row is None or not may_read_growth(actor, person, is_shared=row.is_shared):
        sentence = f"There is no growth plan of '{key}' that you may read."
        raise NotFound(sentence)
    return facts(GrowthPlanFacts, row, person=key)


def own_reports(actor: Actor) -> Sequence[str]:
    """Return the keys of those whose manager the actor is on the roster."""
    require(actor, Permission.VIEW)
    own = own_person(actor)
    if own is None:
        return []
    rows = Person.objects.filter(workspace_id=actor.workspace_id, manager=own.key)
    return list(rows.order_by("key").values_list("key", flat=True))
