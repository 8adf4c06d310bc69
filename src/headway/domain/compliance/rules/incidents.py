"""The clock of a serious incident (Art. 73): from becoming aware to the report, in calendar days.

A day is 24 hours of UTC, so that no change of summer time moves a deadline; the law counts to the
end of the last day, and this is never later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from headway.analysis.verdicts import Verdict
from headway.errors import Conflict, Invalid

#: Days from awareness to the first report, by harm, and the article that says so.
DEADLINES: dict[str, tuple[int, str]] = {
    "serious": (15, "Art. 73(2)"),
    "death": (10, "Art. 73(4)"),
    "widespread": (2, "Art. 73(3)"),
    "critical_infrastructure": (2, "Art. 73(3)"),
}

HARMS = tuple(DEADLINES)

#: The steps, in order; the first report may be incomplete (Art. 73(5)).
STEPS = ("aware", "initial_report", "final_report", "closed")


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """A serious incident of a system, and when each step was taken."""

    id: UUID
    workspace_id: UUID
    system_id: UUID
    key: str
    title: str
    harm: str
    owner: str
    aware_at: datetime
    initial_at: datetime | None
    final_at: datetime | None
    closed_at: datetime | None
    closing: str
    version: int

    @property
    def deadline(self) -> datetime:
        """Return when the first report is due at the latest."""
        return deadline_of(self.harm, self.aware_at)

    @property
    def step(self) -> str:
        """Return the last step that was taken."""
        taken = (self.aware_at, self.initial_at, self.final_at, self.closed_at)
        return [name for name, when in zip(STEPS, taken, strict=True) if when][-1]

    @property
    def reported_at(self) -> datetime | None:
        """Return when it was first reported, if only in part."""
        return self.initial_at or self.final_at


@dataclass(frozen=True, slots=True)
class Clock:
    """How an incident's clock stands: `left` until the deadline, negative when it is past."""

    verdict: Verdict
    left: timedelta
    sentence: str


def deadline_of(harm: str, aware_at: datetime) -> datetime:
    """Return the latest moment of the first report. Raises Invalid for an unknown harm."""
    if harm not in DEADLINES:
        sentence = f"The harm {harm[:40]!r} is none of: {', '.join(HARMS)}."
        raise Invalid(sentence)
    days, _ = DEADLINES[harm]
    return aware_at + timedelta(days=days)


def clock_of(incident: IncidentFacts, at: datetime) -> Clock:
    """Say how the clock of an incident stands at a moment; time alone never meets it."""
    deadline, (days, article) = incident.deadline, DEADLINES[incident.harm]
    left, reported = deadline - at, incident.reported_at
    rule = f"{days} days, {article}"
    if reported is not None:
        late = reported - deadline
        if late > timedelta(0):
            said = f"Reported {span(late)} too late ({rule})."
            return Clock(Verdict.UNMET, left, said)
        return Clock(Verdict.MET, left, f"Reported {span(-late)} before the deadline ({rule}).")
    if incident.closed_at is not None:
        said = f"Closed without a report: {incident.closing}"
        return Clock(Verdict.NOT_APPLICABLE, left, said)
    if left < timedelta(0):
        return Clock(Verdict.UNMET, left, f"The report is {span(-left)} overdue ({rule}).")
    return Clock(Verdict.NOT_DUE, left, f"{span(left)} left to report it ({rule}).")


def check_step(incident: IncidentFacts, step: str, when: datetime, at: datetime) -> None:
    """Raise Conflict or Invalid where `step` cannot be taken `when`, said at `at`."""
    if step not in STEPS[1:]:
        sentence = f"The step {step[:40]!r} is none of: {', '.join(STEPS[1:])}."
        raise Invalid(sentence)
    taken = STEPS.index(incident.step)
    if STEPS.index(step) <= taken:
        sentence = f"“{incident.title}” is past that: its last step is {said_step(incident.step)}."
        raise Conflict(sentence)
    last = max(
        one
        for one in (incident.aware_at, incident.initial_at, incident.final_at)
        if one is not None
    )
    if when < last:
        sentence = f"It was at {when:%Y-%m-%d %H:%M} UTC, before the step that came before it."
        raise Invalid(sentence)
    check_past(when, at)


def check_past(when: datetime, at: datetime) -> None:
    """Raise Invalid for a moment that has not come."""
    if when > at:
        sentence = f"{when:%Y-%m-%d %H:%M} UTC has not come yet; write when it happened."
        raise Invalid(sentence)


def said_step(step: str) -> str:
    """Return a step as people say it."""
    return step.replace("_", " ")


def span(left: timedelta) -> str:
    """Return a length of time as people say it: days from two on, else hours, else minutes."""
    minutes = int(left.total_seconds() // 60)
    for size, word in ((1_440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {word}s"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
