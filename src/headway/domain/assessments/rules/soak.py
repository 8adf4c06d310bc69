"""judge_soak: so many days in service, covered by evidence: the one term that time can help.

Time alone does not do it either: the window from the deployment on has to be covered by evidence
without a gap, and every record in it has to hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from headway.domain.assessments.rules.combine import ORDER
from headway.domain.assessments.rules.ground import Fact, Ground, named_version
from headway.domain.assessments.rules.phrasing import soak_words, subject_words
from headway.domain.assessments.rules.term import compared, counting, weakness
from headway.domain.assessments.rules.terms import Soak, unfilled
from headway.domain.assessments.rules.trace import Trace
from headway.domain.assessments.rules.verdicts import Verdict


def judge_soak(soak: Soak, ground: Ground, at: datetime) -> Trace:
    """Return whether the judged version has soaked long enough, by evidence that covers it."""
    asked = soak_words(soak)
    bound = f"{soak.days:g} days"
    open_words = unfilled((soak.about, *soak.cover.about))
    if open_words or not ground.version:
        sentence = "No version of the model is known that could be in service."
        return Trace(asked, Verdict.MISSING, sentence, bound=bound)
    start = _start(soak, ground)
    if start is None:
        sentence = f"{ground.version} is not in service at {soak.about}, as far as is known."
        return Trace(asked, Verdict.MISSING, sentence, bound=bound, records=_newest(soak, ground))
    return _covered(soak, ground, start, at)


def _newest(soak: Soak, ground: Ground) -> tuple[int, ...]:
    """Return the record that says how the place of service stands."""
    facts = ground.of(soak.about, "deployment")
    return (max(facts, key=_age).record,) if facts else ()


def _start(soak: Soak, ground: Ground) -> tuple[datetime, int] | None:
    """Return since when the version is in service, and the record that says so.

    The newest state decides. A state without a time of its own begins when it was observed.
    """
    facts = ground.of(soak.about, "deployment")
    if not facts:
        return None
    last = max(facts, key=_age)
    status = last.values.get("status")
    if named_version(last) != ground.version or status not in soak.statuses:
        return None
    told = last.values.get("deployed_at")
    since = datetime.fromisoformat(told).astimezone(UTC) if isinstance(told, str) else None
    return since or last.observed_at, last.record


def _covered(soak: Soak, ground: Ground, start: tuple[datetime, int], at: datetime) -> Trace:
    """Judge the evidence of the window: what fails in it, its gaps, whether it is over.

    Each subject of the cover has to cover it: one that falls silent is not made up for.
    """
    since, record = start
    window = (since, since + timedelta(days=soak.days))
    records, told = {record}, []
    for subject in ground.subjects(soak.cover.about, soak.cover.evidence):
        facts = _inside(soak, counting(soak.cover, ground, subject).facts, window)
        records |= {fact.record for fact in facts}
        told.append(_told(soak, subject, facts, window, at))
    if not told:
        about = " or ".join(soak.cover.about)
        told = [(Verdict.MISSING, f"No {soak.cover.evidence} of {about} is known.")]
    verdict, sentence = min(told, key=lambda one: ORDER.index(one[0]))
    days = max(0.0, round((min(at, window[1]) - since) / timedelta(days=1), 2))
    asked, bound = soak_words(soak), f"{soak.days:g} days"
    return Trace(asked, verdict, sentence, days, bound, tuple(sorted(records)))


def _inside(soak: Soak, facts: Sequence[Fact], window: tuple[datetime, datetime]) -> Sequence[Fact]:
    """Return what was observed in the window and is enough to judge by, oldest first."""
    found = [
        fact
        for fact in facts
        if window[0] <= fact.observed_at <= window[1]
        and not weakness(soak.cover, fact, fact.values.get(soak.cover.field))
    ]
    return sorted(found, key=_age)


def _told(
    soak: Soak,
    subject: str,
    inside: Sequence[Fact],
    window: tuple[datetime, datetime],
    at: datetime,
) -> tuple[Verdict, str]:
    since, end = window
    about = subject_words(soak.cover, subject)
    bad = next((fact for fact in inside if not _holds(soak, fact)), None)
    if bad is not None:
        sentence = f"{about} did not hold on {bad.observed_at:%-d %b %Y} (record {bad.record})."
        return Verdict.UNMET, sentence
    gap = _gap(inside, since, min(at, end), timedelta(days=soak.gap_days))
    if gap is not None:
        sentence = f"No {about} from {gap[0]:%-d %b %Y} to {gap[1]:%-d %b %Y}; time alone is none."
        return Verdict.MISSING, sentence
    if at < end:
        sentence = f"In service since {since:%-d %b %Y}; {soak.days:g} days end {end:%-d %b %Y}."
        return Verdict.INSUFFICIENT, sentence
    sentence = f"In service since {since:%-d %b %Y}, {about} held for {soak.days:g} days."
    return Verdict.MET, sentence


def _holds(soak: Soak, fact: Fact) -> bool:
    value = fact.values.get(soak.cover.field)
    if not isinstance(value, bool | int | float | str):
        return False
    return compared(soak.cover, value) is Verdict.MET


def _gap(
    inside: Sequence[Fact], since: datetime, until: datetime, longest: timedelta
) -> tuple[datetime, datetime] | None:
    """Return the first stretch of the window that no evidence covers."""
    before = since
    for moment in (*(fact.observed_at for fact in inside), until):
        if moment - before > longest:
            return before, moment
        before = max(before, moment)
    return None


def _age(fact: Fact) -> tuple[datetime, int]:
    return (fact.observed_at, fact.record)
