"""Skills: how well somebody does something, what work asks for, and where nobody can."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from headway.domain.people.rules.ladder import shipped_skills
from headway.domain.programs.rules.fields import Reader, choice, day, flag, text
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid

#: By level, in words.
LEVELS = ("none", "aware", "working", "strong", "teaches")
#: The level that a skill asks for which names none.
WORKING = 2
MOST_SKILLS = 200
#: A certificate that ends within so long is warned of.
WARN_BEFORE = timedelta(days=90)

read_skill = text(100, required=True)
SORTS = ("role", "item", "system")
read_sort = choice(*SORTS)
read_about = text(200, required=True)


@dataclass(frozen=True, slots=True)
class SkillNeedFacts:
    """What a role, a work item (project/KEY) or a live system asks its people to know."""

    id: UUID
    workspace_id: UUID
    sort: str
    about: str
    skill: str
    level: int
    version: int


@dataclass(frozen=True, slots=True)
class CertificationFacts:
    """A certificate that somebody holds."""

    id: UUID
    workspace_id: UUID
    person: str
    name: str
    issuer: str
    obtained_on: date | None
    expires_on: date | None
    version: int

    def standing(self, today: date) -> str:
        """Return "lapsed", "ends soon" (within 90 days) or "holds"."""
        if self.expires_on is None or self.expires_on > today + WARN_BEFORE:
            return "holds"
        return "lapsed" if self.expires_on < today else "ends soon"


@dataclass(frozen=True, slots=True)
class GrowthPlanFacts:
    """Where somebody wants to grow."""

    id: UUID
    workspace_id: UUID
    person: str
    aim: str
    steps: str
    review_on: date | None
    is_shared: bool
    version: int


@dataclass(frozen=True, slots=True)
class SkillWork:
    """One piece of work that asks for a skill: from when, for how many days of one person."""

    address: str
    name: str
    level: int
    start: date
    days: float


@dataclass(frozen=True, slots=True)
class SkillGap:
    """What the coming work asks of one skill, who can, and who is nearest.

    `able` reach the level that is asked for, `near` know something of it. `verdict` is "nobody",
    "one person" or "covered".
    """

    skill: str
    level: int
    first: date
    days: float
    work: Sequence[SkillWork]
    able: Sequence[str]
    near: Sequence[str]

    @property
    def verdict(self) -> str:
        """Return how the skill is covered, in words."""
        if not self.able:
            return "nobody"
        return "one person" if len(self.able) == 1 else "covered"


def read_level(field: str, value: object) -> int:
    """Read a level: 0 to 4, or its word."""
    word = str(value if value is not None else "").strip().lower()
    if word in LEVELS:
        return LEVELS.index(word)
    if word in {"0", "1", "2", "3", "4"}:
        return int(word)
    known = ", ".join(f"{place} {name}" for place, name in enumerate(LEVELS))
    sentence = f"The {field} {word[:40]!r} is no level; write one of {known}."
    raise Invalid(sentence)


def read_skills(field: str, value: object) -> dict[str, int]:
    """Read skills with levels: a mapping, or parts "Python 3" with semicolons or lines between."""
    if isinstance(value, str):
        parts = [one.strip() for one in value.replace("\n", ";").split(";") if one.strip()]
        value = dict(map(_parted, parts))
    if not isinstance(value, Mapping) or len(value) > MOST_SKILLS:
        sentence = f"The {field} are {str(value)[:60]!r}; write at most {MOST_SKILLS} with levels."
        raise Invalid(sentence)
    return {
        str(read_skill("skill", skill)): read_level(f"level of {str(skill)[:40]}", level)
        for skill, level in value.items()
    }


def skills_version(skills: Mapping[str, int]) -> int:
    """Return a number that changes with somebody's skills: what an edit of all of them names."""
    return zlib.crc32(repr(sorted(skills.items())).encode()) & 0x7FFFFFFF or 1


def _parted(part: str) -> tuple[str, str]:
    """Return a skill and its level; without one it is the working level."""
    words, _, last = part.rpartition(" ")
    is_level = bool(words) and (last.lower() in LEVELS or last in {"0", "1", "2", "3", "4"})
    return (words.rstrip(" :="), last) if is_level else (part, str(WORKING))


def tag_level(tag: str) -> tuple[str, int]:
    """Return the skill and level of a resource's tag: "SQL 3" is SQL at strong, "SQL" working."""
    skill, level = _parted(tag)
    return skill, read_level("level", level)


CERTIFICATION_FIELDS: Mapping[str, Reader] = {
    "name": text(100, required=True),
    "issuer": text(100),
    "obtained_on": day,
    "expires_on": day,
}
GROWTH_FIELDS: Mapping[str, Reader] = {
    "aim": lambda field, value: read_slug(field, value) if value else "",
    "steps": text(5_000),
    "review_on": day,
    "is_shared": flag,
}


def known_skills(used: Sequence[str]) -> Sequence[str]:
    """Return the shipped matrix and what is in use besides, each skill once, by name."""
    shipped = [one for group in shipped_skills()["skills"].values() for one in group]
    by_name = {one.lower(): one for one in (*shipped, *used)}
    return sorted(by_name.values(), key=str.lower)


def skill_gaps(
    asked: Mapping[str, Sequence[SkillWork]], held: Mapping[str, Mapping[str, int]]
) -> Sequence[SkillGap]:
    """Return how each skill that is asked for is covered, the worst and soonest first.

    `asked` is by skill, `held` the levels of everybody at work by name and skill.
    """
    by_skill: dict[str, dict[str, int]] = {}
    for name, skills in held.items():
        for skill, level in skills.items():
            by_skill.setdefault(skill.lower(), {})[name] = level
    found = []
    for skill, work in asked.items():
        level = max(one.level for one in work)
        levels = by_skill.get(skill.lower(), {})
        found.append(
            SkillGap(
                skill,
                level,
                min(one.start for one in work),
                sum(one.days for one in work),
                sorted(work, key=lambda one: (one.start, one.address)),
                sorted(name for name, has in levels.items() if has >= level),
                sorted(name for name, has in levels.items() if 0 < has < level),
            )
        )
    return sorted(found, key=lambda one: (min(len(one.able), 2), one.first, one.skill.lower()))
