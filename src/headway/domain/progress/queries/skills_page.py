"""Skills against the plan: gaps with their dates, who alone can do what, what an absence costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.simulation import Settings
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries import people_of, person_named
from headway.domain.people.queries.skills import certifications, skill_needs, skills_of
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.skills import (
    CertificationFacts,
    SkillGap,
    SkillNeedFacts,
    skill_gaps,
)
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.plans.queries import is_quick, joined_parts, latest_forecast
from headway.domain.plans.queries.forecasts import ForecastFacts
from headway.domain.plans.rules import JoinedParts, joined_plan
from headway.domain.programs.queries import programs_of, systems_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.progress.queries.coming import coming_items, within
from headway.domain.progress.rules.staffing import (
    ComingItem,
    LiveSystem,
    SinglePoint,
    asked_skills,
    single_points,
)
from headway.errors import Invalid

#: Weeks of work that gaps are looked for in, unless asked otherwise.
WEEKS, MOST_WEEKS = 12, 104
#: How long somebody is supposed to be away.
AWAY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SkillsPage:
    """Everybody's skills against what the next weeks ask for."""

    today: date
    weeks: int
    people: Sequence[PersonFacts]
    levels: Mapping[str, Mapping[str, int]]
    needs: Sequence[SkillNeedFacts]
    gaps: Sequence[SkillGap]
    points: Sequence[SinglePoint]
    ending: Sequence[CertificationFacts]
    work: int


@dataclass(frozen=True, slots=True)
class AbsenceEffect:
    """What two weeks without somebody do to a program's P80; `problem` says why it is unknown."""

    person: str
    program: str
    program_name: str
    first: date
    last: date
    p80: date | None = None
    p80_without: date | None = None
    problem: str = ""

    @property
    def days(self) -> int | None:
        """Return the calendar days by which P80 moves."""
        if self.p80 is None or self.p80_without is None:
            return None
        return (self.p80_without - self.p80).days


def skills_page(
    actor: Actor, at: datetime | None, today: date, *, weeks: int = WEEKS
) -> SkillsPage:
    """Return what the next `weeks` ask for, who has it, and who alone does."""
    require(actor, Permission.VIEW)
    if not 1 <= weeks <= MOST_WEEKS:
        sentence = f"Gaps are looked for in 1 to {MOST_WEEKS} weeks, not in {weeks}."
        raise Invalid(sentence)
    people = [one for one in people_of(actor) if one.is_employed(today)]
    levels, needs = skills_of(actor), skill_needs(actor, at)
    everything = coming_items(actor, at, today)
    work = within(everything, today, weeks)
    here = {one.key for one in people}
    held = {key: skills for key, skills in levels.items() if key in here}
    return SkillsPage(
        today=today,
        weeks=weeks,
        people=people,
        levels=levels,
        needs=needs,
        gaps=skill_gaps(asked_skills(work, needs), held),
        points=single_points(everything, _live(actor, at), people, held, needs),
        ending=[
            one
            for one in certifications(actor)
            if one.person in here and one.standing(today) != "holds"
        ],
        work=len(work),
    )


def _live(actor: Actor, at: datetime | None) -> Sequence[LiveSystem]:
    found = [one for one in systems_of(actor, at) if one.state == "live"]
    return [LiveSystem(one.slug, one.name, one.owner) for one in found]


def absence_effects(
    actor: Actor, key: str, at: datetime | None, today: date
) -> Sequence[AbsenceEffect]:
    """Return what two weeks without somebody do to each program that hangs on them alone.

    Their absence begins with the first critical item that only they can do, or today. Simulated
    on the random numbers of the latest forecast; what only they can do waits for them.
    """
    person = person_named(actor, key)
    points = skills_page(actor, at, today).points
    items = [item for point in points if point.person == key for item in point.items]
    found = []
    for program in programs_of(actor, at):
        mine = [item for item in items if item.program_id == program.id]
        base = latest_forecast(actor, program, at) if mine else None
        if base is not None:
            found.append(_absence(actor, program, base, person, mine))
    return found


def _absence(
    actor: Actor,
    program: ProgramFacts,
    base: ForecastFacts,
    person: PersonFacts,
    items: Sequence[ComingItem],
) -> AbsenceEffect:
    first = min(item.start for item in items)
    told = AbsenceEffect(
        person.key, program.slug, program.name, first, first + AWAY - timedelta(days=1)
    )
    if base.problem or not is_quick(actor, program):
        why = base.problem or "The plan is too large to simulate while you wait."
        return replace(told, problem=why)
    parts = _theirs(joined_parts(actor, program, base.at), person, items)
    try:
        return replace(
            told,
            p80=_p80(parts, base),
            p80_without=_p80(_without(parts, person, told), base),
        )
    except Invalid as error:
        return replace(told, problem=str(error))


def _theirs(parts: JoinedParts, person: PersonFacts, items: Sequence[ComingItem]) -> JoinedParts:
    """Return the parts with the items as theirs: only they can do them, whoever owns them."""
    mine = {item.address for item in items}
    rows = [
        replace(item, owner=person.key)
        if f"{parts.slugs[item.project_id]}/{item.key}" in mine
        else item
        for item in parts.items
    ]
    return replace(parts, items=rows)


def _without(parts: JoinedParts, person: PersonFacts, told: AbsenceEffect) -> JoinedParts:
    """Return the parts with the person away, besides the days that they told already."""
    held = parts.hands.get(person.key.lower()) or WorkingTimeFacts(
        id=person.id,
        workspace_id=person.workspace_id,
        person_id=person.id,
        key=person.key,
        name=person.name,
        email=person.email,
        schedule={},
        changes=(),
        absences=(),
        version=0,
    )
    away = [*held.absences, [told.first.isoformat(), told.last.isoformat()]]
    changed = replace(held, absences=away)
    hands = {
        name: changed if one.person_id == person.id else one for name, one in parts.hands.items()
    }
    hands[person.key.lower()] = changed
    return replace(parts, hands=hands)


def _p80(parts: JoinedParts, base: ForecastFacts) -> date | None:
    settings = Settings(trials=base.trials, seed=base.seed, as_of=base.at.date())
    return forecast(joined_plan(parts), Options(settings, drivers=0)).finish_dates["p80"]
