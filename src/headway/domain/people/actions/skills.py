"""Every write of skills, of what work asks for, of certificates and growth plans.

The audit trail says whose changed and not to what: a person can be erased, it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import (
    Certification,
    GrowthPlan,
    Person,
    SkillLevel,
    SkillNeed,
)
from headway.domain.people.queries import person_facts, require_hand
from headway.domain.people.queries.skills import growth_plan_of, may_read_growth
from headway.domain.people.rules.skills import (
    CERTIFICATION_FIELDS,
    GROWTH_FIELDS,
    CertificationFacts,
    GrowthPlanFacts,
    SkillNeedFacts,
    read_about,
    read_level,
    read_skill,
    read_skills,
    read_sort,
    skills_version,
)
from headway.domain.programs.actions.rows import (
    add_row,
    apply_changes,
    change_row,
    delete_dated,
    drop_row,
    put_back,
    require_version,
)
from headway.domain.programs.queries import facts
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, NotFound


@transaction.atomic
def set_skills(
    actor: Actor, key: str, skills: object, at: datetime, *, version: int | None = None
) -> Mapping[str, int]:
    """Say how well somebody does what: all of it, by skill (level 0 to 4); oneself or a manager.

    What is not named any more is gone. With the `version` that the editor had read
    (`skills_version`), skills that changed since raise Conflict.
    """
    require(actor, Permission.SELF)
    person = person_to_change(actor, key)
    require_hand(actor, person_facts(person))
    wanted = read_skills("skills", skills)
    rows = {row.skill: row for row in SkillLevel.objects.filter(person=person)}
    held = {skill: row.level for skill, row in rows.items()}
    if version is not None and version != skills_version(held):
        sentence = "The skills changed since you read them. Look again and save once more."
        raise Conflict(sentence)
    if wanted == held:
        return wanted
    SkillLevel.objects.filter(person=person).exclude(skill__in=wanted).delete()
    for skill, level in wanted.items():
        if held.get(skill) != level:
            row = rows.get(skill) or SkillLevel(
                workspace_id=actor.workspace_id, person=person, skill=skill
            )
            row.level = level
            row.save()
    write_audit(actor, "set_skills", f"skills of {key}", at)
    return wanted


@transaction.atomic
def set_skill_need(
    actor: Actor, need: tuple[str, str, str], level: object, at: datetime
) -> SkillNeedFacts | None:
    """Say which level of a skill something asks for: `need` is its sort, its name and the skill.

    Level 0 takes the need away, and returns None.
    """
    require(actor, Permission.PLAN)
    sort, about, skill = (
        str(read_sort("sort", need[0])),
        str(read_about("name", need[1])),
        str(read_skill("skill", need[2])),
    )
    wanted = read_level("level", level)
    place = {"workspace_id": actor.workspace_id, "sort": sort, "about": about, "skill": skill}
    row = SkillNeed.objects.select_for_update().filter(**place).first()
    if row is None and wanted == 0:
        sentence = f"The {sort} {about} does not ask for {skill}."
        raise NotFound(sentence)
    if row is None:
        row = add_row(actor, SkillNeed(**place, level=wanted), at, "set_skill_need", level=wanted)
    elif wanted == 0:
        drop_row(actor, row, at, "remove_skill_need")
        return None
    else:
        change_row(actor, row, {"level": wanted}, at, "set_skill_need")
    return facts(SkillNeedFacts, row)


@transaction.atomic
def restore_skill_need(
    actor: Actor, need: tuple[str, str, str], version: int, at: datetime
) -> SkillNeedFacts:
    """Put a need back to an earlier version: the undo of a change and of a removal."""
    require(actor, Permission.PLAN)
    place = dict(zip(("sort", "about", "skill"), need, strict=True))
    history: Any = SkillNeed.history
    mine = history.filter(workspace_id=actor.workspace_id, version=version, **place)
    past = mine.order_by("-history_id").first()
    if past is None:
        sentence = f"There is no version {version} of this need to go back to."
        raise NotFound(sentence)
    return facts(SkillNeedFacts, put_back(actor, SkillNeed, version, at, id=past.id))


@transaction.atomic
def set_certification(
    actor: Actor,
    key: str,
    name: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> CertificationFacts:
    """Say which certificate somebody holds, and until when; oneself or a manager."""
    require(actor, Permission.SELF)
    person = person_to_change(actor, key)
    require_hand(actor, person_facts(person))
    fields = clean({**values, "name": name}, CERTIFICATION_FIELDS)
    held = Certification.objects.select_for_update()
    row = held.filter(person=person, name=fields["name"]).first()
    if row is None:
        row = Certification(workspace_id=actor.workspace_id, person=person, **fields)
        row.save(force_insert=True)
        write_audit(actor, "set_certification", f"certificate of {key}", at)
    elif apply_changes(actor, row, fields, at, version):
        write_audit(actor, "set_certification", f"certificate of {key}", at)
    return facts(CertificationFacts, row, person=key)


@transaction.atomic
def remove_certification(
    actor: Actor, key: str, name: str, at: datetime, *, version: int | None = None
) -> None:
    """Take a certificate away."""
    require(actor, Permission.SELF)
    person = person_to_change(actor, key)
    require_hand(actor, person_facts(person))
    row = Certification.objects.select_for_update().filter(person=person, name=name).first()
    if row is None:
        sentence = f"'{key}' has no certificate '{name[:60]}'."
        raise NotFound(sentence)
    require_version(row, version)
    delete_dated(actor, row, at)
    write_audit(actor, "remove_certification", f"certificate of {key}", at)


@transaction.atomic
def set_growth_plan(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> GrowthPlanFacts:
    """Write where somebody wants to grow: they themselves or their manager on the roster.

    Only they themselves share it with the workspace. Raises NotFound for everybody else.
    """
    require(actor, Permission.SELF)
    person = person_to_change(actor, key)
    whose = person_facts(person)
    if not may_read_growth(actor, whose):
        sentence = f"There is no growth plan of '{key}' that you may change."
        raise NotFound(sentence)
    fields = clean(values, GROWTH_FIELDS)
    row = GrowthPlan.objects.select_for_update().filter(person=person).first()
    if row is None:
        row = GrowthPlan(workspace_id=actor.workspace_id, person=person, **fields)
        row.save(force_insert=True)
        write_audit(actor, "set_growth_plan", f"growth plan of {key}", at)
    elif apply_changes(actor, row, fields, at, version):
        write_audit(actor, "set_growth_plan", f"growth plan of {key}", at)
    return growth_plan_of(actor, key)


def person_to_change(actor: Actor, key: str) -> Person:
    """Return somebody's locked row. Raises NotFound."""
    people = Person.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = people.filter(key=key).first()
    if row is None:
        sentence = f"There is nobody '{key}' on the roster."
        raise NotFound(sentence)
    return row
