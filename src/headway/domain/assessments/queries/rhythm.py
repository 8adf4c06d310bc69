"""What the rhythm of a team wrote down and asks for today, over many programs.

Blockers by age, actions that are overdue, promises that ask for attention, evidence that goes
stale within a week, releases that are due, contracts that lapse, budget changes that wait: read
for the Monday brief, on home and by command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import ExpiringEvidence, expiring_evidence
from headway.domain.finance.queries import waiting_changes
from headway.domain.finance.rules import BudgetChangeFacts
from headway.domain.plans.queries import ForecastFacts, blocker_standings, promise_standings
from headway.domain.plans.rules import BlockerStanding, PromiseStanding
from headway.domain.programs.rules import ProgramFacts, ProjectFacts, ReleaseFacts
from headway.domain.risks.queries import actions_by_program
from headway.domain.risks.rules import ActionFacts
from headway.domain.vendors.queries import lapses_of
from headway.domain.vendors.rules import Lapse

#: How far ahead evidence that goes stale, and a release that is due, are told of.
STALE_SOON, DUE_SOON = timedelta(days=7), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class BlockerLine:
    """An open blocker; `owner` and `escalated_to` are names of people."""

    program: ProgramFacts
    standing: BlockerStanding
    owner: str
    escalated_to: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action that is overdue by calendar days; `owner` is a name."""

    program: ProgramFacts
    action: ActionFacts
    owner: str
    days_overdue: int


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """An open promise; `asks` says why it needs somebody (see PromiseStanding), or nothing."""

    program: ProgramFacts
    standing: PromiseStanding
    asks: str


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release whose project has a milestone, or whose program its target, within two weeks.

    `what` names that; `due` is its deadline, or its P80 where it has none.
    """

    program: ProgramFacts
    project: ProjectFacts
    release: ReleaseFacts
    what: str
    due: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was written down, and what of it needs somebody."""

    blockers: Sequence[BlockerLine] = ()
    actions: Sequence[ActionLine] = ()
    promises: Sequence[PromiseLine] = ()
    expiring: Sequence[ExpiringEvidence] = ()
    releases: Sequence[ReleaseLine] = ()
    lapses: Sequence[Lapse] = ()
    money: Sequence[tuple[ProgramFacts, BudgetChangeFacts]] = ()

    @property
    def asking(self) -> Sequence[PromiseLine]:
        """Return the promises that need somebody."""
        return [one for one in self.promises if one.asks]

    @property
    def count(self) -> int:
        """Return how many things of it need somebody."""
        found = (self.blockers, self.actions, self.asking, self.expiring, self.releases)
        return sum(len(rows) for rows in (*found, self.lapses, self.money))

    @property
    def is_quiet(self) -> bool:
        """Say whether none of it needs anybody."""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class Ground:
    """What whoever asks has read already: projects and forecasts by program, releases, names."""

    projects: Mapping[UUID, Sequence[ProjectFacts]]
    forecasts: Mapping[UUID, ForecastFacts | None]
    releases: Sequence[ReleaseFacts]
    names: Mapping[str, str]

    @property
    def homes(self) -> Mapping[UUID, ProjectFacts]:
        """Return the projects by their id."""
        return {project.id: project for rows in self.projects.values() for project in rows}


def team_rhythm(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    ground: Ground,
    at: datetime,
    known_at: datetime | None = None,
) -> Rhythm:
    """Return what the rhythm of these programs asks for at `at`, as known at `known_at`.

    The number of queries does not grow with any of it: thirteen at most.
    """
    today = at.date()
    homes = ground.homes
    return Rhythm(
        blockers=_blockers(actor, programs, ground, today, known_at),
        actions=_actions(actor, programs, ground.names, today, known_at),
        promises=_promises(actor, programs, ground, today, known_at),
        expiring=expiring_evidence(actor, list(homes), at, at + STALE_SOON),
        releases=_releases(programs, ground, homes, today),
        lapses=_lapses(actor, programs, at, known_at),
        money=waiting_changes(actor, programs, known_at),
    )


def _lapses(
    actor: Actor, programs: Sequence[ProgramFacts], at: datetime, known_at: datetime | None
) -> Sequence[Lapse]:
    """Return the contracts of these programs, and of none, whose day comes within two weeks."""
    here = {None, *(program.id for program in programs)}
    return [
        one
        for one in lapses_of(actor, at, known_at)
        if one.days <= DUE_SOON.days and one.contract.program_id in here
    ]


def _slugs(ground: Ground) -> Mapping[UUID, str]:
    return {one.id: one.slug for one in ground.homes.values()}


def _blockers(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    ground: Ground,
    today: date,
    known_at: datetime | None,
) -> Sequence[BlockerLine]:
    slugs, names = _slugs(ground), ground.names
    found = blocker_standings(actor, programs, today, known_at, only_open=True, slugs=slugs)
    lines = [
        BlockerLine(
            program,
            one,
            names.get(one.blocker.owner, one.blocker.owner),
            names.get(one.blocker.escalated_to, one.blocker.escalated_to),
        )
        for program in programs
        for one in found[program.id]
    ]
    return sorted(lines, key=lambda line: (line.standing.blocker.since, line.standing.blocker.key))


def _actions(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    names: Mapping[str, str],
    today: date,
    known_at: datetime | None,
) -> Sequence[ActionLine]:
    found = actions_by_program(actor, programs, known_at)
    lines = [
        ActionLine(program, one, names.get(one.owner, one.owner), one.days_overdue(today))
        for program in programs
        for one in found[program.id]
        if one.is_overdue(today)
    ]
    return sorted(lines, key=lambda line: (-line.days_overdue, line.action.key))


def _promises(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    ground: Ground,
    today: date,
    known_at: datetime | None,
) -> Sequence[PromiseLine]:
    """Return the open promises: those that ask for somebody first, then by float."""
    slugs = _slugs(ground)
    found = promise_standings(actor, programs, today, known_at, only_open=True, slugs=slugs)
    lines = [
        PromiseLine(program, one, one.asks(today))
        for program in programs
        for one in found[program.id]
    ]
    return sorted(lines, key=_by_need)


def _by_need(line: PromiseLine) -> tuple[bool, bool, int, date]:
    days = line.standing.float_days
    return (not line.asks, days is None, days or 0, line.standing.promise.promised or date.max)


def _releases(
    programs: Sequence[ProgramFacts],
    ground: Ground,
    homes: Mapping[UUID, ProjectFacts],
    today: date,
) -> Sequence[ReleaseLine]:
    """Return each release that is due, once: with the first thing it is due for."""
    owners = {program.id: program for program in programs}
    lines = []
    for release in ground.releases:
        project = homes.get(release.project_id) if release.project_id else None
        if project is None or release.stage == release.stages[-1].id:
            continue
        program = owners[project.program_id]
        due = sorted(_due(program, project, ground.forecasts.get(program.id)))
        if due and due[0][0] <= today + DUE_SOON:
            day, what = due[0]
            lines.append(ReleaseLine(program, project, release, what, day, day < today))
    return sorted(lines, key=lambda line: (line.due, line.release.system_slug, line.release.name))


def _due(
    program: ProgramFacts, project: ProjectFacts, forecast: ForecastFacts | None
) -> Iterator[tuple[date, str]]:
    """Yield the days that a project's releases are due for: open milestones, the target."""
    if program.target is not None:
        yield program.target, "the program's target"
    rows = forecast.answer.get("milestones") if forecast else None
    for row in rows if isinstance(rows, list) else ():
        if not str(row["id"]).startswith(f"{project.slug}/"):
            continue
        expected, deadline = _day(row.get("p80")), _day(row.get("deadline"))
        is_done = forecast is not None and expected is not None and expected < forecast.at.date()
        due = deadline or expected
        if due is not None and not is_done:
            yield due, str(row["name"])


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
