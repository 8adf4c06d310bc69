"""assess: one criterion, the evidence known, a moment → a verdict with its trace.

Reduce first, then judge age: the newest measurement decides, and when it is too old, an older one
does not stand in for it. Time alone never gives met. The same function answers for today, for last
month and for the unit test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf

from headway.domain.assessments.rules.verdicts import Assessment, Verdict, level_of


@dataclass(frozen=True, slots=True)
class Criterion:
    """What was promised of a metric. `subject` "model:x" means any version, "run:*" any run."""

    key: str
    name: str
    subject: str
    metric: str
    direction: str
    target: float
    segment: str = ""
    dataset: str = ""
    split: str = "test"
    basis: str = "estimate"
    minimum_n: int | None = None
    freshness_days: int | None = None
    due: date | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measurement as the rule sees it; `subject` is `kind:name@version`."""

    record: int
    subject: str
    kind: str
    metric: str
    segment: str
    value: float | None
    observed_at: datetime
    n: int | None = None
    low: float | None = None
    high: float | None = None
    dataset: str = ""
    split: str = ""
    is_estimated: bool = False
    valid_until: datetime | None = None


def assess(
    criterion: Criterion,
    evidence: Sequence[Evidence],
    at: datetime,
    versions: Sequence[str] = (),
) -> Assessment:
    """Return the verdict on `criterion` from `evidence` as it stands at `at`.

    `versions` are the subjects known by that name, oldest first. A criterion that names no version
    is about the newest one: when its evidence falls silent, an older version's does not stand in.
    """
    rule = f"criterion {criterion.key}"
    is_due = criterion.due is None or criterion.due <= at.date()
    found = deciding(criterion, evidence, at, versions)
    if found is None:
        return _absent(criterion, rule, is_due=is_due)
    verdict, sentence = _judged(criterion, found, at)
    sentence = f"{criterion.name}: {sentence}"
    return Assessment(verdict, level_of(verdict, is_due=is_due), sentence, rule, (found.record,))


def deciding(
    criterion: Criterion,
    evidence: Sequence[Evidence],
    at: datetime,
    versions: Sequence[str] = (),
) -> Evidence | None:
    """Return the measurement that `assess` judges by; None where none speaks to the criterion."""
    newest = versions[-1] if versions and "@" not in criterion.subject else None
    about = [item for item in evidence if newest is None or item.subject == newest]
    speaking = [item for item in about if _speaks_to(criterion, item)]
    return _deciding(criterion, speaking, at) if speaking else None


def _speaks_to(criterion: Criterion, item: Evidence) -> bool:
    """Say whether a measurement is about what the criterion asks."""
    wanted_kind, _, wanted_name = criterion.subject.partition(":")
    kind, _, name = item.subject.partition(":")
    about = kind == wanted_kind and (
        wanted_name == "*" or wanted_name in (name, name.partition("@")[0])
    )
    if not about or item.metric != criterion.metric:
        return False
    if kind == "run" and not criterion.segment:
        return item.kind == "run"  # what a run logged itself: a report on it is no second chance
    segment = item.segment != "" if criterion.segment == "*" else item.segment == criterion.segment
    return (
        item.kind != "run"
        and segment
        and item.split == criterion.split
        and (not criterion.dataset or item.dataset == criterion.dataset)
    )


def _deciding(criterion: Criterion, found: Sequence[Evidence], at: datetime) -> Evidence:
    """Return the measurement that decides: of the newest record, the segment that does worst.

    Over runs it is the best run: the only case where the best of many speaks. There a run that is
    too old does not hide a younger one that reaches the target, else a source that falls silent
    could turn stale into met.
    """
    if found[0].kind == "run":
        fresh = [item for item in found if not _is_past(criterion, item, at)]
        best = max(fresh or found, key=lambda item: _merit(criterion, item))
        is_met = _judged(criterion, best, at)[0] is Verdict.MET
        return best if is_met else max(found, key=lambda item: _merit(criterion, item))
    newest = max(found, key=lambda item: (item.observed_at, item.record)).record
    same = [item for item in found if item.record == newest]
    return min(
        same, key=lambda item: (_RANK[_judged(criterion, item, at)[0]], _end(item, criterion))
    )


#: Of the segments of one record the first of these speaks for all.
_RANK = {
    Verdict.UNMET: 0,
    Verdict.INSUFFICIENT: 1,
    Verdict.STALE: 2,
    Verdict.MET: 3,
}


def _merit(criterion: Criterion, item: Evidence) -> tuple[float, datetime, int]:
    """Return a key by which a better value is greater; no value is worst of all."""
    if item.value is None:
        return (-inf, item.observed_at, item.record)
    value = item.value if criterion.direction == "maximise" else -item.value
    return (value, item.observed_at, item.record)


def _end(item: Evidence, criterion: Criterion) -> tuple[float, str]:
    """Return a key by which the weaker measurement is smaller; the end that is promised on."""
    is_maximised = criterion.direction == "maximise"
    end = item.value
    if criterion.basis == "interval":
        end = item.low if is_maximised else item.high
    if end is None:
        return (-inf, item.segment)
    return (end if is_maximised else -end, item.segment)


def _absent(criterion: Criterion, rule: str, *, is_due: bool) -> Assessment:
    where = f" on {criterion.dataset}" if criterion.dataset else ""
    asked = f"{criterion.metric} of {criterion.subject}{where}"
    if is_due:
        sentence = f"{criterion.name}: no evidence yet of {asked}."
        return Assessment(Verdict.MISSING, level_of(Verdict.MISSING), sentence, rule)
    sentence = f"{criterion.name}: not due until {criterion.due}; no evidence yet of {asked}."
    return Assessment(Verdict.NOT_DUE, level_of(Verdict.NOT_DUE), sentence, rule)


def _judged(criterion: Criterion, found: Evidence, at: datetime) -> tuple[Verdict, str]:
    """Return the verdict on the deciding measurement, and the sentence that explains it."""
    if found.value is None:
        return Verdict.INSUFFICIENT, f"measured on {found.subject}, and there is no value."
    if found.is_estimated:
        return (
            Verdict.INSUFFICIENT,
            f"{_shown(criterion, found.value)} is estimated without labels; "
            "a realised value is asked for.",
        )
    if criterion.minimum_n is not None and (found.n or 0) < criterion.minimum_n:
        return (
            Verdict.INSUFFICIENT,
            f"{_shown(criterion, found.value)} rests on {found.n or 'an unknown number of'} rows; "
            f"at least {criterion.minimum_n} are asked for.",
        )
    expires = _expires(criterion, found)
    if expires is not None and _is_past(criterion, found, at):
        return (
            Verdict.STALE,
            f"{_shown(criterion, found.value)} was measured on {found.observed_at:%-d %b %Y} and "
            f"held until {expires:%-d %b %Y}.",
        )
    return _compared(criterion, found)


def _expires(criterion: Criterion, found: Evidence) -> datetime | None:
    """Evidence expires at min(valid_until, observed_at + freshness)."""
    ends = [found.valid_until] if found.valid_until else []
    if criterion.freshness_days is not None:
        ends.append(found.observed_at + timedelta(days=criterion.freshness_days))
    return min(ends) if ends else None


def _is_past(criterion: Criterion, found: Evidence, at: datetime) -> bool:
    expires = _expires(criterion, found)
    return expires is not None and expires < at


def _compared(criterion: Criterion, found: Evidence) -> tuple[Verdict, str]:
    """Compare the estimate, or the bad end of its interval, with the target."""
    value = found.value if found.value is not None else 0.0
    bound = f"{'at least' if criterion.direction == 'maximise' else 'at most'} "
    bound += _shown(criterion, criterion.target)
    place = f" on {found.segment}" if found.segment else ""
    passes = _reaches(criterion, value)
    if criterion.basis != "interval":
        verdict = Verdict.MET if passes else Verdict.UNMET
        return verdict, f"{_shown(criterion, value)}{place} against {bound} promised."
    end = found.low if criterion.direction == "maximise" else found.high
    if end is None or found.low is None or found.high is None:
        return (
            Verdict.INSUFFICIENT,
            f"{_shown(criterion, value)} comes without an interval, and the promise is on it.",
        )
    interval = f"{_shown(criterion, found.low)} to {_shown(criterion, found.high)}"
    if _reaches(criterion, end):
        return Verdict.MET, f"{_shown(criterion, value)} ({interval}){place} shows {bound}."
    though = ", although the estimate itself passes" if passes else ""
    return (
        Verdict.UNMET,
        f"{_shown(criterion, value)} ({interval}){place}: {bound} is not shown{though}.",
    )


def _reaches(criterion: Criterion, value: float) -> bool:
    if criterion.direction == "maximise":
        return value >= criterion.target
    return value <= criterion.target


def _shown(criterion: Criterion, value: float) -> str:
    """Return a value in four significant digits with the criterion's unit."""
    text = f"{value:.4g}"
    return f"{text} {criterion.unit}" if criterion.unit else text
