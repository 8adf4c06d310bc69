"""Asks the evidence one question: does it show a practice, how often, and by which records?

Reduce first, then judge age: of one series the newest record decides. Over several things either
all that are known have to pass, or as many as the probe says; one that falls silent can never make
another one's failure unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from headway.domain.maturity.rules.catalogue import Probe
from headway.domain.maturity.rules.facts import Fact, Known

#: Records that an answer names; there may be thousands behind it.
MOST_RECORDS = 12


class State(StrEnum):
    """What the evidence says of a practice, the best first."""

    MET = "met"
    STALE = "stale"
    UNKNOWN = "unknown"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a probe. `automated`: by machine and repeatedly, not once and not by hand."""

    state: State
    sentence: str
    records: tuple[int, ...] = ()
    automated: bool = False


@dataclass(frozen=True, slots=True)
class _Thing:
    """How one thing stands: its state, the days on which it passed, the records that say so."""

    name: str
    state: State
    days: int
    records: tuple[int, ...]


def ask(probe: Probe, facts: Sequence[Fact], known: Known, at: datetime) -> Finding:
    """Return what `facts` (of the probe's kind) say at `at`."""
    if probe.audit:
        return _audited(probe, facts)
    speaking = [fact for fact in facts if _fits(probe.where, fact.fields)]
    if probe.over:
        return _over_all(probe, speaking, known, at)
    things: dict[str, list[Fact]] = {}
    for fact in speaking:
        things.setdefault(fact.subject, []).append(fact)
    return _over_any(probe, [_stand(probe, name, own, at) for name, own in things.items()])


def _over_any(probe: Probe, things: Sequence[_Thing]) -> Finding:
    """Judge a probe that asks for `least` things to pass, whatever the others do."""
    passing = sorted((one for one in things if one.state is State.MET), key=_best)
    if len(passing) >= probe.least:
        records = _cut(record for one in passing for record in one.records)
        # Repetition is one thing's own, or that of the many that were asked for.
        days = max(one.days for one in passing)
        return _met(probe, records, days)
    if not things:
        return Finding(State.UNKNOWN, f"Nothing shows that {probe.says}.")
    best = min(things, key=lambda one: (_RANK[one.state], one.name))
    if best.state is State.MET:
        sentence = f"{len(passing)} of {probe.least}: it is not shown yet that {probe.says}."
        return Finding(State.UNKNOWN, sentence, _cut(best.records))
    return Finding(best.state, _sentence(probe, best), _cut(best.records))


def _over_all(probe: Probe, facts: Sequence[Fact], known: Known, at: datetime) -> Finding:
    """Judge a probe that asks every known thing of a kind to pass, by its newest version."""
    newest: dict[str, str] = {}
    for subject in known.subjects:
        if subject.partition(":")[0] == probe.over:
            newest[subject.partition("@")[0]] = subject
    if not newest:
        return Finding(State.UNKNOWN, f"Nothing is known of a {_word(probe.over)} yet.")
    own: dict[str, list[Fact]] = {name: [] for name in newest}
    for fact in facts:
        if fact.thing in own:
            own[fact.thing].append(fact)
    things = [_version(probe, newest[name], own[name], at) for name in newest]
    worst = max(things, key=lambda one: (_RANK[one.state], one.name))
    if worst.state is not State.MET:
        return Finding(worst.state, _sentence(probe, worst), _cut(worst.records))
    records = _cut(record for one in things for record in one.records)
    return _met(probe, records, min(one.days for one in things))


def _version(probe: Probe, subject: str, facts: Sequence[Fact], at: datetime) -> _Thing:
    """Return how the newest version of a thing stands; days count over all its versions."""
    stand = _stand(probe, subject, [one for one in facts if one.subject == subject], at)
    passed = _days(probe, facts, at)
    return _Thing(subject, stand.state, passed, stand.records)


def _stand(probe: Probe, name: str, facts: Sequence[Fact], at: datetime) -> _Thing:
    """Return how a thing stands: each of its series by its newest record, the worst speaks."""
    newest: dict[object, Fact] = {}
    for fact in facts:
        series = (fact.fields.get("check"), fact.fields.get("metric"))
        held = newest.get(series)
        if held is None or (fact.observed_at, fact.record) > (held.observed_at, held.record):
            newest[series] = fact
    if not newest:
        return _Thing(name, State.UNKNOWN, 0, ())
    states = {series: _state(probe, fact, at) for series, fact in newest.items()}
    worst = max(states.values(), key=lambda state: _RANK[state])
    records = [fact.record for series, fact in newest.items() if states[series] is worst]
    return _Thing(name, worst, _days(probe, facts, at), tuple(sorted(records, reverse=True)))


def _state(probe: Probe, fact: Fact, at: datetime) -> State:
    """Judge one record: first what it says, then its age."""
    if not _fits(probe.passes, fact.fields):
        silent = all(fact.fields.get(key) is None for key in probe.passes)
        return State.UNKNOWN if silent else State.UNMET
    return State.STALE if _is_past(probe, fact, at) else State.MET


def _is_past(probe: Probe, fact: Fact, at: datetime) -> bool:
    """Evidence expires at min(valid until, observed + days)."""
    if fact.valid_until is not None and fact.valid_until < at:
        return True
    return probe.days is not None and fact.observed_at + timedelta(days=probe.days) < at


def _days(probe: Probe, facts: Iterable[Fact], at: datetime) -> int:
    """Count the days on which it passed, as far back as its records speak."""
    return len(
        {
            fact.observed_at.date()
            for fact in facts
            if _fits(probe.passes, fact.fields) and not _aged(probe, fact, at)
        }
    )


def _aged(probe: Probe, fact: Fact, at: datetime) -> bool:
    """A record that was followed counts as a repetition for twice as long as it speaks."""
    return probe.days is not None and fact.observed_at + timedelta(days=2 * probe.days) < at


def _fits(wanted: Mapping[str, object], fields: Mapping[str, object]) -> bool:
    return all(_holds(key, value, fields) for key, value in wanted.items())


def _holds(key: str, wanted: object, fields: Mapping[str, object]) -> bool:
    value = fields.get(key)
    if wanted == "*":
        return bool(value)
    return value in wanted if isinstance(wanted, list) else value == wanted


def _met(probe: Probe, records: tuple[int, ...], days: int) -> Finding:
    automated = not probe.by_hand and days >= probe.times
    sentence = f"{probe.says[0].upper()}{probe.says[1:]}"
    if probe.times > 1:
        sentence += f", on {days} {'day' if days == 1 else 'days'}"
    if not automated:
        why = "by hand" if probe.by_hand else f"{probe.times} days make it a habit"
        sentence += f" ({why})"
    return Finding(State.MET, f"{sentence}.", records, automated)


#: Of several states the one with the greatest rank is the worst.
_RANK = {State.MET: 0, State.STALE: 1, State.UNKNOWN: 2, State.UNMET: 3}


def _best(thing: _Thing) -> tuple[int, str]:
    return (-thing.days, thing.name)


def _sentence(probe: Probe, thing: _Thing) -> str:
    name = _shown(thing.name)
    match thing.state:
        case State.UNMET:
            return f"It does not hold for {name} that {probe.says}."
        case State.STALE:
            return f"What shows for {name} that {probe.says} is too old."
        case _:
            return f"Nothing shows for {name} that {probe.says}."


def _shown(name: str) -> str:
    """Return how a thing is named to people; a promise by its project and key."""
    kind, _, rest = name.partition(":")
    return f"the promise {rest}" if kind.endswith("-promise") else name


def _cut(records: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({one for one in records if one}, reverse=True)[:MOST_RECORDS])


def _word(kind: str) -> str:
    return {
        "segment-promise": "promise about a segment",
        "speed-promise": "promise of speed or memory",
    }.get(kind, kind)


def _audited(probe: Probe, facts: Sequence[Fact]) -> Finding:
    """Judge by the newest audit of each repository: one that shows it is enough."""
    newest: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda one: (one.observed_at, one.record)):
        newest[fact.subject] = fact
    if not newest:
        sentence = f"No repository was audited, which may show that {probe.says}."
        return Finding(State.UNKNOWN, sentence)
    found = [(*_checked(probe, fact), fact) for fact in newest.values()]
    state, said, fact = min(found, key=lambda one: (_RANK[one[0]], one[2].subject))
    automated = state is State.MET and not probe.by_hand
    return Finding(state, said, (fact.record,) if fact.record else (), automated)


def _checked(probe: Probe, fact: Fact) -> tuple[State, str]:
    """Return what an audit says of the checks that the probe names."""
    checks = fact.fields.get("checks")
    told = [one for one in checks if isinstance(one, Mapping)] if isinstance(checks, list) else []
    named = [one for one in told if one.get("id") in probe.audit]
    applying = [one for one in named if one["verdict"] != "not_applicable"]
    if {one["id"] for one in named} < set(probe.audit) or not applying:
        return State.UNKNOWN, f"The audit does not say whether {probe.says}."
    worst = max(applying, key=lambda one: _RANK[_AUDITED.get(str(one["verdict"]), State.UNKNOWN)])
    state = _AUDITED.get(str(worst["verdict"]), State.UNKNOWN)
    if state is State.MET:
        return state, f"Audit: {probe.says}."
    return state, f"Audit, {worst['id']}: {worst.get('sentence', '')}".strip()


#: What an audit's verdict says of a practice: nothing there where something should be is a no.
_AUDITED = {
    "met": State.MET,
    "partly": State.UNMET,
    "unmet": State.UNMET,
    "missing": State.UNMET,
}
