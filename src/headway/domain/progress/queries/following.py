"""Items that follow evidence: what a metric's runs a vendor's deliveries or its
approvals say is left of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from headway.analysis.attainment.answer import attain
from headway.analysis.attainment.duration import range_from_start
from headway.analysis.attainment.table import day_at
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Unit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.queries import ready_forecast
from headway.domain.plans.queries.network import items_of
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.domain.progress.queries.attainment import DRAWS, MetricStanding, metric_standings
from headway.domain.progress.queries.measures import follows_of
from headway.domain.progress.rules.facts import FollowFacts
from headway.domain.progress.rules.following import Proposal, Pull, proposed
from headway.domain.progress.rules.runs import question_of
from headway.domain.vendors.queries import ThingWait, approval_waits
from headway.domain.vendors.rules.waits import Range
from headway.errors import NotFound

#: The percentiles that become optimistic, most likely and pessimistic; P80 where P90 never comes.
_LOW, _MIDDLE, _HIGH, _LAST = 10, 50, 90, 80


@dataclass(frozen=True, slots=True)
class FollowedItem:
    """An item with what it follows and what that says is left of it."""

    project: str
    item: ItemFacts
    follow: FollowFacts
    of: str
    pull: Pull
    proposal: Proposal

    @property
    def address(self) -> str:
        """Return project/key."""
        return f"{self.project}/{self.item.key}"


def followed_items(
    actor: Actor,
    program: ProgramFacts,
    at: datetime,
    *,
    live: bool = True,
    standings: Sequence[MetricStanding] | None = None,
    only: str = "",
) -> Sequence[FollowedItem]:
    """Return the items of a program (or the one at `only`) that follow evidence, in plan order.

    `standings` are the program's promised metrics where they were read already.
    """
    require(actor, Permission.VIEW, program)
    known_at = None if live else at
    projects = projects_of(actor, program, known_at)
    slugs = {project.id: project.slug for project in projects}
    follows = follows_of(actor, projects, known_at)
    if not follows:
        return []
    items = {
        item.id: item
        for item in items_of(list(slugs), known_at, only=follows)
        if only in ("", f"{slugs[item.project_id]}/{item.key}")
    }
    if not items:
        return []
    metrics = (
        standings if standings is not None else metric_standings(actor, program, at, live=live)
    )
    by_criterion = {one.criterion.id: one for one in metrics}
    waits = _waits(actor, follows.values(), at, known_at)
    clock = WorkingTime(Unit.DAYS, at.date(), calendar_from(program.calendar))
    found = []
    for item_id, item in items.items():
        follow = follows[item_id]
        if follow.what == "metric":
            pull, of = _of_metric(
                by_criterion, follow.criterion_id, at.date(), begun=item.started is not None
            )
            working = _working(pull.days, clock)
        elif follow.what == "approvals":
            pull, of, working = of_approvals(waits, follow.subject)
        else:
            pull, of, working = _of_labels(actor, program, follow.order, at, known_at)
        proposal = proposed(
            pull,
            item.estimate if item.started is None else item.remaining,
            working,
            is_started=item.started is not None,
            is_finished=item.finished is not None,
            has_attempts=bool(item.attempts),
        )
        found.append(FollowedItem(slugs[item.project_id], item, follow, of, pull, proposal))
    return sorted(found, key=lambda one: (one.project, one.item.order, one.item.key))


def _waits(
    actor: Actor, follows: Iterable[FollowFacts], at: datetime, known_at: datetime | None
) -> Mapping[str, ThingWait]:
    """Return what is left of the approvals that these follow; no query where none does."""
    asked = {one.subject for one in follows if one.what == "approvals"}
    return approval_waits(actor, asked, at, known_at)


def _of_metric(
    standings: Mapping[UUID, MetricStanding], criterion_id: UUID | None, day: date, *, begun: bool
) -> tuple[Pull, str]:
    """Return what a metric's runs say, and the metric's name.

    Work that has not `begun` and has no runs of its own goes by those of a metric like it.
    """
    standing = standings.get(criterion_id) if criterion_id else None
    if standing is None:
        sentence = "The metric it follows is no longer promised."
        return Pull("A metric", None, sentence=sentence), "a metric that is gone"
    name = standing.criterion.name
    words = f"From the runs of {name}"
    if standing.attainment is None:
        found = None if begun else _like(standing, standings.values(), day)
        return found or Pull(words, standing.record, sentence=f"{name}: {standing.words}"), name
    outlook = standing.attainment.outlook
    if outlook.p_by(0.0) >= 0.5:
        sentence = f"{name}: {standing.words}"
        return Pull(words, standing.record, None, sentence, is_there=True), name
    high = outlook.percentile(_HIGH)
    days = [outlook.percentile(_LOW), outlook.percentile(_MIDDLE)]
    days.append(high if high is not None else outlook.percentile(_LAST))
    dates = [None if one is None else day_at(outlook.now + one) for one in days]
    if outlook.plateau or any(one is None for one in dates):
        sentence = f"{name}: {standing.words} No number of days is written; somebody decides."
        return Pull(words, standing.record, None, sentence, decide=True), name
    low, middle, late = (one for one in dates if one is not None)
    least = "" if high is not None else " (P90 falls into never, so P80 is the latest day told)"
    sentence = (
        f"{name}: {low:%-d %b %Y} at P10, {middle:%-d %b %Y} at P50, {late:%-d %b %Y} at the "
        f"latest{least}."
    )
    return Pull(words, standing.record, (low, middle, late), sentence, by_pace=True), name


def _like(standing: MetricStanding, standings: Iterable[MetricStanding], day: date) -> Pull | None:
    """Return what the runs of a metric like this one say of how long it takes; None without one.

    Like it is the same metric, the better direction the same, in the same program: of its own
    project first, then with the most runs. Asked is how long *its* work would take from its
    beginning to *this* target.
    """
    mine = standing.criterion
    alike = [
        (one, one.attainment.outlook.history.runs)
        for one in standings
        if one.attainment is not None
        and (one.criterion.metric, one.criterion.direction) == (mine.metric, mine.direction)
    ]
    if not alike:
        return None
    other, runs = min(alike, key=lambda pair: (pair[0].project != standing.project, -len(pair[1])))
    question = replace(question_of(mine, datetime.combine(day, time.min), draws=DRAWS), now=None)
    outlook = attain(runs, question).outlook
    words = (
        f"From {len(runs)} runs of {other.criterion.name} in {other.project_name}, as "
        f"{mine.name} has none of its own"
    )
    spans = range_from_start(outlook)
    if spans is None:
        sentence = (
            f"{mine.name}: not measured yet. By {words[5:].partition(', as')[0]}, {mine.target:g} "
            f"is not reachable at their pace. No number of days is written; somebody decides."
        )
        return Pull(words, other.record, sentence=sentence, decide=True)
    low, middle, high = (day + timedelta(days=round(span)) for span in spans)
    sentence = f"{mine.name}: not measured yet. {words}."
    return Pull(words, other.record, (low, middle, high), sentence, by_pace=True)


def _of_labels(
    actor: Actor, program: ProgramFacts, order: str, at: datetime, known_at: datetime | None
) -> tuple[Pull, str, tuple[float, float, float] | None]:
    """Return what an order's deliveries say, its key, and working days left."""
    words = f"From the deliveries of {order}"
    try:
        ready = ready_forecast(actor, program, order, at, known_at=known_at)
    except NotFound as error:
        return Pull(words, None, sentence=str(error)), order, None
    if not ready.remaining:
        return Pull(words, None, None, ready.sentence, is_there=True), order, None
    if ready.days is None:
        sentence = f"{ready.sentence} No number of days is written; somebody decides."
        return Pull(words, None, None, sentence, decide=True), order, None
    return Pull(words, None, None, ready.sentence), order, _ranged(ready.days)


def of_approvals(waits: Mapping[str, ThingWait], subject: str) -> tuple[Pull, str, Range | None]:
    """Return what is left of the approvals of a thing, its name, and working days left."""
    wait = waits.get(subject)
    if wait is None:
        sentence = f"{subject} is not there any more."
        return Pull("Approvals", None, sentence=sentence), subject, None
    name = wait.named.name
    if wait.refused:
        return Pull("Approvals", None, sentence=wait.sentence, decide=True), name, None
    if wait.left is None:
        return Pull("Approvals", None, sentence=wait.sentence, is_there=True), name, None
    fresh = all(one.waited is None for one in wait.waits)
    pull = Pull(wait.words, None, sentence=wait.sentence, by_pace=fresh)
    return pull, name, _ranged(wait.left)


def _working(
    days: tuple[date, date, date] | None, clock: WorkingTime
) -> tuple[float, float, float] | None:
    """Return working days from now through each day, the first one at least."""
    if days is None:
        return None
    low, middle, high = (float(clock.end_of(day)) for day in days)
    return _ranged((low, middle, high))


def _ranged(days: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return a range that a plan can hold: from half a day on, in order."""
    low = max(0.5, round(days[0], 1))
    middle = max(low, round(days[1], 1))
    return low, middle, max(middle, round(days[2], 1))
