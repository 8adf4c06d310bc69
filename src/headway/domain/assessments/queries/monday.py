"""The Monday brief, put together from queries: what changed in the odds, why, and what is open.

Nothing here is stored or judged: numbers come from stored forecasts, verdicts from assessments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import sqrt
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries.connect import connect_next
from headway.domain.assessments.queries.health import ProgramHealth, ProjectHealth, programs_health
from headway.domain.assessments.queries.notes import ShiftLine, recent_shifts
from headway.domain.assessments.queries.rhythm import Ground, Rhythm, team_rhythm
from headway.domain.assessments.rules import Assessment, Verdict
from headway.domain.assessments.rules.assumptions import AssumptionStanding
from headway.domain.assessments.rules.connect import Connecting
from headway.domain.assessments.rules.verdicts import speaks_for_itself
from headway.domain.checkins.queries import NotCheckedIn, not_checked_in
from headway.domain.evidence.queries import unplaced_count
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import ForecastFacts, Score, decisions_by_program
from headway.domain.plans.rules import DecisionFacts, OptionFacts, OptionOutlook
from headway.domain.programs.queries import programs_of
from headway.domain.programs.rules import CriterionFacts, ProgramFacts
from headway.domain.sources.queries import SourceLine, sources_page
from headway.rendering import phrases

#: Verdict changes are told for so long.
NEWS = timedelta(days=7)
#: Lines that fit on the page before the rest is counted.
MOST_OPEN, MOST_SHIFTS = 12, 12

_OPEN = (Verdict.UNMET, Verdict.MISSING, Verdict.STALE, Verdict.INSUFFICIENT, Verdict.ERROR)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Something that waits for somebody. `verdict` is empty where nothing was judged.

    `place` names the page to go to ("project", "program", "raid", "sources", "unplaced") and
    `slug` what on it; `effect_days` is what the project's uncertainty costs the program at P80.
    """

    title: str
    sentence: str
    place: str
    slug: str = ""
    verdict: str = ""
    record: int | None = None
    effect_days: float | None = None
    word: str = "overdue"


@dataclass(frozen=True, slots=True)
class ProgramNews:
    """One program's week: the odds in one sentence; what moved stands with the forecast."""

    program: ProgramFacts
    sentence: str
    score: Score
    forecast: ForecastFacts | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision that waits, in its program; `owner` is the name of who decides."""

    program: ProgramFacts
    decision: DecisionFacts
    owner: str
    is_overdue: bool

    @property
    def rows(self) -> Sequence[tuple[OptionFacts, OptionOutlook | None]]:
        """Return the options, each beside what it would do."""
        outlook = self.decision.outlook
        return [
            (option, outlook.of(option.key) if outlook else None)
            for option in self.decision.options
        ]


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole page."""

    programs: Sequence[ProgramNews]
    open: Sequence[OpenLine]
    more_open: int
    shifts: Sequence[ShiftLine]
    decisions: Sequence[Waiting] = ()
    not_checked_in: Sequence[NotCheckedIn] = ()
    connect: Connecting | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)

    @property
    def waits(self) -> int:
        """Return how many things wait for somebody, besides decisions."""
        return len(self.open) + self.more_open + self.rhythm.count

    @property
    def is_quiet(self) -> bool:
        """Say whether nothing waits and no verdict changed."""
        waits = self.waits or self.decisions or self.not_checked_in
        return not waits and not self.shifts


def monday_brief(
    actor: Actor, at: datetime, known_at: datetime | None = None, *, connect: bool = False
) -> Brief:
    """Return the brief of the actor's workspace at `at`, from what was known at `known_at`.

    With `connect` it also says what can be connected next, which is a question of the present.
    The number of queries does not grow with the programs, their projects or their work.
    """
    programs = programs_of(actor, known_at)
    found = programs_health(actor, programs, at, known_at=known_at)
    names = names_of(actor)
    sources = sources_page(actor)
    waits = [line for one in found for line in _waits(one, at)]
    waits.sort(key=lambda line: -(line.effect_days or 0.0))
    asked = decisions_by_program(actor, programs, known_at)
    waits = [*_reopenings(programs, asked), *waits]
    waits = [*_of_sources(actor, sources), *waits] if known_at is None else waits
    return Brief(
        programs=[_news(one.program, one.forecast) for one in found],
        open=waits[:MOST_OPEN],
        more_open=max(0, len(waits) - MOST_OPEN),
        shifts=[
            shift
            for shift in recent_shifts(actor, at, since=at - NEWS, limit=200)
            if shift.old_verdict and speaks_for_itself(shift.criterion)
        ][:MOST_SHIFTS],
        not_checked_in=not_checked_in(actor, at),
        decisions=_decisions(programs, names, asked, at),
        rhythm=team_rhythm(actor, programs, _ground(found, names), at, known_at),
        connect=connect_next(actor, at, found) if connect else None,
    )


def _ground(found: Sequence[ProgramHealth], names: Mapping[str, str]) -> Ground:
    """Return what was read for the health of the programs, for the rhythm to stand on."""
    return Ground(
        projects={one.program.id: [part.project for part in one.projects] for one in found},
        forecasts={one.program.id: one.forecast for one in found},
        releases=[
            release for one in found for project in one.projects for release in project.releases
        ],
        names=names,
    )


def _decisions(
    programs: Sequence[ProgramFacts],
    names: Mapping[str, str],
    found: Mapping[UUID, Sequence[DecisionFacts]],
    at: datetime,
) -> Sequence[Waiting]:
    """Return the decisions that wait in all programs, by the day they are due."""
    waiting = [
        Waiting(program, one, names.get(one.owner, one.owner), one.is_overdue(at.date()))
        for program in programs
        for one in found[program.id]
        if one.is_open
    ]
    return sorted(waiting, key=lambda one: one.decision.due or date.max)


def _reopenings(
    programs: Sequence[ProgramFacts], found: Mapping[UUID, Sequence[DecisionFacts]]
) -> Iterator[OpenLine]:
    """Yield the taken decisions whose trigger is met: somebody should look at the answer again."""
    for program in programs:
        for one in found[program.id]:
            if one.state == "taken" and one.reopen_said:
                title = f"To be reopened? {one.question}"
                yield OpenLine(
                    title, one.reopen_said, "decisions", program.slug, word="trigger met"
                )


def _news(program: ProgramFacts, now: ForecastFacts | None) -> ProgramNews:
    score = Score(now.news.held, now.news.judged) if now else Score(0, 0)
    return ProgramNews(program, odds_sentence(program, now), score, now)


def odds_sentence(program: ProgramFacts, now: ForecastFacts | None) -> str:
    """Say what changed in the odds: "P(7 May) fell from 86 % to 43 %; P80 moved from …"."""
    if now is None:
        return "No forecast yet: import a plan, and the odds appear here."
    if now.problem:
        return now.problem
    return "; ".join(filter(None, (_on_time(program, now), _p80(now)))) + "."


def _on_time(program: ProgramFacts, now: ForecastFacts) -> str:
    if program.target is None or now.p_on_time is None:
        return "No target is set"
    target = f"P({phrases.short_day(program.target)})"
    said = phrases.share(now.p_on_time)
    was = now.news.p_on_time
    if was is None:
        return f"{target} is {said}"
    if phrases.share(was) == said or not differs(now.p_on_time, now.trials, was, now.news.trials):
        return f"{target} holds at {said}"
    verb = "rose" if now.p_on_time > was else "fell"
    return f"{target} {verb} from {phrases.share(was)} to {said}"


def differs(one: float, trials: int, other: float, other_trials: int) -> bool:
    """Say whether two simulated shares differ by more than twice their Monte-Carlo error."""
    error = sqrt(one * (1 - one) / max(trials, 1) + other * (1 - other) / max(other_trials, 1))
    return abs(one - other) > 2 * error


def _p80(now: ForecastFacts) -> str:
    p80 = now.finish("p80")
    was = now.news.p80
    if p80 is None:
        return "there is no P80: more than 20 % of the outcomes never finish"
    if was is None or was == p80:
        return f"P80 {'stays at' if was else 'is'} {phrases.short_day(p80)}"
    return f"P80 moved from {phrases.short_day(was)} to {phrases.short_day(p80)}"


def _waits(health: ProgramHealth, at: datetime) -> Iterator[OpenLine]:
    """Yield what of a program is unmet, unknown or overdue."""
    for project in health.projects:
        for criterion, assessment in project.criteria:
            if assessment.verdict in _OPEN:
                yield _criterion_line(project, criterion, assessment)
    yield from _overdue(health, at)


def _criterion_line(
    project: ProjectHealth, criterion: CriterionFacts, assessment: Assessment
) -> OpenLine:
    return OpenLine(
        title=f"{project.project.name}: {criterion.name}",
        sentence=assessment.sentence,
        place="project",
        slug=project.project.slug,
        verdict=str(assessment.verdict),
        record=assessment.records[-1] if assessment.records else None,
        effect_days=project.effect_days,
    )


def _overdue(health: ProgramHealth, at: datetime) -> Iterator[OpenLine]:
    """Yield the open risks whose review is past, and the assumptions that are due or doubtful."""
    effects = {one.project.id: one.effect_days for one in health.projects}
    for risk in health.risks:
        if risk.state == "open" and risk.review_on and risk.review_on < at.date():
            yield OpenLine(
                title=f"Risk: {risk.name}",
                sentence=f"Its review was due on {phrases.day(risk.review_on)}.",
                place="program",
                slug=health.program.slug,
                effect_days=effects.get(risk.project_id) if risk.project_id else None,
            )
    for one in health.assumptions:
        if one.assumption.is_open:
            yield from _assumption_lines(health.program, one, at)


def _assumption_lines(
    program: ProgramFacts, one: AssumptionStanding, at: datetime
) -> Iterator[OpenLine]:
    """Yield an assumption that evidence speaks against, else one whose review is past."""
    held, found = one.assumption, one.assessment
    title = f"Assumption: {held.name}"
    if found is not None and found.verdict in _OPEN:
        record = found.records[-1] if found.records else None
        yield OpenLine(title, found.sentence, "raid", program.slug, str(found.verdict), record)
    elif held.review_on is not None and held.is_overdue(at.date()):
        sentence = f"Its review was due on {phrases.day(held.review_on)}."
        yield OpenLine(title, sentence, "raid", program.slug)


def _of_sources(actor: Actor, sources: Sequence[SourceLine]) -> Iterator[OpenLine]:
    """Yield sources that fail and evidence that no project claims: both blind the rest."""
    for source in sources:
        if source.is_enabled and source.failures_in_a_row:
            times = phrases.quantity(source.failures_in_a_row, "time")
            sentence = f"Failed {times} in a row: {source.failure}"
            yield OpenLine(f"Source {source.name}", sentence, "sources", source.name, "error")
    subjects, records = unplaced_count(actor)
    if subjects:
        sentence = (
            f"{phrases.quantity(records, 'record')} of "
            f"{phrases.quantity(subjects, 'subject')} belong to no project yet, so no verdict "
            "rests on them."
        )
        yield OpenLine("Unplaced evidence", sentence, "unplaced", verdict="missing")
