"""judge_term: one term, the ground, a moment → a verdict with value, bound and record ids.

Reduce first, then judge age: of each member (a metric, a check, a segment) the newest record that
counts decides; too old, an older one does not stand in for it. Evidence that names another version,
other data or another commit does not count, and the trace says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.domain.assessments.rules.combine import ORDER
from headway.domain.assessments.rules.ground import (
    NAMES,
    Fact,
    Ground,
    Pinned,
    named_dataset,
    named_version,
)
from headway.domain.assessments.rules.phrasing import (
    bound_words,
    shown,
    subject_words,
    term_words,
    value_words,
)
from headway.domain.assessments.rules.terms import (
    Binding,
    Comparison,
    Reducer,
    Scalar,
    Term,
    unfilled,
)
from headway.domain.assessments.rules.trace import Trace, earliest
from headway.domain.assessments.rules.verdicts import Verdict

#: Members of one term whose lines a trace tells apart; the rest is counted.
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One member's verdict: a segment, a check, a subject."""

    fact: Fact | None
    verdict: Verdict
    sentence: str
    value: Scalar | None = None
    stale_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The facts of a subject that count, and the newest that does not, with the reason.

    `pins` are the records that say what evidence has to name; `problem` why none can count.
    """

    facts: Sequence[Fact]
    other: Fact | None = None
    why: str = ""
    pins: tuple[int, ...] = ()
    problem: str = ""


def judge_term(term: Term, ground: Ground, at: datetime) -> Trace:
    """Return the verdict on one term whose braces are filled."""
    asked, bound = term_words(term), bound_words(term)
    open_words = unknown_words(term)
    if open_words:
        sentence = f"{asked}: it is not known yet which {' and '.join(open_words)} is meant."
        return Trace(asked, Verdict.MISSING, sentence, bound=bound)
    subjects = ground.subjects(term.about, term.evidence)
    if not subjects:
        sentence = f"{asked}: no {term.evidence} of {' or '.join(term.about)} is known."
        return Trace(asked, Verdict.MISSING, sentence, bound=bound)
    counted = [(subject, counting(term, ground, subject)) for subject in subjects]
    if term.reduce is Reducer.COUNT:
        members = [_counted(term, [one for _, found in counted for one in found.facts], at)]
    else:
        members = [
            member for subject, found in counted for member in _members(term, subject, found, at)
        ]
    return _trace(term, members, [found for _, found in counted])


def unknown_words(term: Term) -> tuple[str, ...]:
    """Return what nothing filled in; of several subjects one that is filled is enough."""
    about = [unfilled((text,)) for text in term.about]
    fewest = min(about, key=len, default=())
    return (*fewest, *unfilled(tuple(one for _, one in term.where if isinstance(one, str))))


def counting(term: Term, ground: Ground, subject: str) -> Counted:
    """Return what of a subject counts for a term, with what binds it."""
    spoken = _speaking(term, ground, subject)
    pins = [_pin(ground, binding) for binding in term.bind]
    records = tuple(sorted({record for pin in pins for record in pin.records}))
    silent = next((word for word, pin in zip(term.bind, pins, strict=True) if not pin.text), None)
    if silent is not None:
        return Counted((), pins=records, problem=_UNPINNED[silent])
    facts: list[Fact] = []
    others: list[tuple[Fact, str]] = []
    for fact in spoken:
        why = next((word for word in (_apart(b, fact, ground) for b in term.bind) if word), "")
        if why:
            others.append((fact, why))
        else:
            facts.append(fact)
    if Binding.VERSION in term.bind and not facts:
        others += _of_other_versions(term, ground, subject)
    if not others:
        return Counted(facts, pins=records)
    other, why = max(others, key=lambda pair: _age(pair[0]))
    return Counted(facts, other, why, records)


def _of_other_versions(term: Term, ground: Ground, subject: str) -> list[tuple[Fact, str]]:
    """Return what was said of other versions of a subject: a retrain makes it fall away."""
    known = ground.known.get(subject.partition("@")[0], ())
    return [
        (fact, _unlike("version", one, subject))
        for one in known
        if one != subject
        for fact in _speaking(term, ground, one)
    ]


def _speaking(term: Term, ground: Ground, subject: str) -> list[Fact]:
    """Return the facts of a subject that are about what the term asks."""
    name = dict(term.where).get(NAMES.get(term.evidence, ""))
    asked = _asked(term)
    return [fact for fact in ground.of(subject, term.evidence, name) if _speaks(asked, fact)]


def _asked(term: Term) -> tuple[tuple[str, Scalar], ...]:
    """Return what a fact has to hold for the term to be about it."""
    asked: dict[str, Scalar] = dict(term.where)
    if term.evidence == "evaluation":
        asked.setdefault("split", "test")
        if term.reduce is not Reducer.BY_SEGMENT:
            asked.setdefault("segment", "")
    if term.role:
        asked["function" if term.evidence == "approval" else "role"] = term.role
    if term.reduce is Reducer.BY_SEGMENT:
        asked.setdefault("segment", _ANY)
    return tuple(asked.items())


#: Of a segment: whichever, but not the whole.
_ANY = "*"


def _speaks(asked: tuple[tuple[str, Scalar], ...], fact: Fact) -> bool:
    for key, value in asked:
        found = fact.values.get(key)
        if value == _ANY and key == "segment":
            if found == "":
                return False
        elif not _same(found, value):
            return False
    return True


def _same(found: object, asked: Scalar) -> bool:
    return found == asked and isinstance(found, bool) == isinstance(asked, bool)


_UNPINNED: Mapping[Binding, str] = {
    Binding.VERSION: "no version of the model is known that evidence could name",
    Binding.DATASET: "no digest of a dataset's newest version is known that evidence could name",
    Binding.COMMIT: "the commit that the version was made from is not known",
}


def _pin(ground: Ground, binding: Binding) -> Pinned:
    match binding:
        case Binding.VERSION:
            return Pinned(ground.version or None)
        case Binding.COMMIT:
            return ground.commit
        case Binding.DATASET:
            records = tuple(sorted({r for one in ground.digests.values() for r in one.records}))
            known = any(one.text for one in ground.digests.values())
            return Pinned("known" if known else None, records)


def _apart(binding: Binding, fact: Fact, ground: Ground) -> str:
    """Return why a fact does not count by a binding; empty when it does."""
    if binding is Binding.VERSION:
        return _unlike("version", named_version(fact), ground.version)
    if binding is Binding.COMMIT:
        return _unlike("commit", str(fact.values.get("commit") or ""), ground.commit.text or "")
    digest, name = str(fact.values.get("dataset_digest") or ""), named_dataset(fact)
    wanted = [
        pin.text for key, pin in sorted(ground.digests.items()) if name in ("", key) and pin.text
    ]
    if digest and digest in wanted:
        return ""
    return _unlike("dataset digest", digest, wanted[0] if wanted else f"one of {name} now")


def _unlike(what: str, found: str, wanted: str) -> str:
    if found == wanted:
        return ""
    return f"it names {what} {found[:40]}, not {wanted[:40]}" if found else f"it names no {what}"


def _members(term: Term, subject: str, found: Counted, at: datetime) -> list[Member]:
    """Return each member of one subject, judged; those that are expected and silent too."""
    about = subject_words(term, subject)
    if found.problem:
        return [Member(None, Verdict.MISSING, f"{about}: {found.problem}.")]
    newest: dict[tuple[object, ...], Fact] = {}
    for fact in found.facts:
        held = newest.get(fact.member)
        if held is None or _age(fact) > _age(held):
            newest[fact.member] = fact
    speaking = _reduced(term, list(newest.values()))
    members = [_member(term, fact, at) for fact in speaking]
    heard = {_name(term, fact) for fact in speaking}
    members += [
        Member(None, Verdict.MISSING, f"{about}: nothing of {name}, which is expected.")
        for name in term.expected
        if name not in heard
    ]
    return members or [Member(None, Verdict.MISSING, _silence(about, found))]


def _silence(about: str, found: Counted) -> str:
    if found.other is None:
        return f"No {about} yet."
    return f"No {about} that counts: the newest is record {found.other.record}, and {found.why}."


def _reduced(term: Term, facts: list[Fact]) -> list[Fact]:
    """Return the facts that are judged, in an order that does not depend on how they came."""
    if not facts:
        return []
    last = max(facts, key=_age)
    if term.reduce is Reducer.LATEST:
        return [last]
    if term.reduce is Reducer.BY_SEGMENT:
        facts = [fact for fact in facts if fact.record == last.record]
    return sorted(facts, key=lambda fact: (str(fact.member), fact.record))


def _name(term: Term, fact: Fact) -> str:
    """Return the name by which a member is expected."""
    keys = ("segment",) if term.reduce is Reducer.BY_SEGMENT else ("check", "id", "metric", "item")
    return next((str(fact.values[key]) for key in keys if fact.values.get(key)), "")


def _age(fact: Fact) -> tuple[datetime, int, str]:
    return (fact.observed_at, fact.record, str(fact.member))


def expires(term: Term, fact: Fact) -> datetime | None:
    """Evidence expires at min(valid_until, observed_at + freshness)."""
    ends = [fact.valid_until]
    if term.fresh_days is not None:
        ends.append(fact.observed_at + timedelta(days=term.fresh_days))
    return earliest(ends)


def _member(term: Term, fact: Fact, at: datetime) -> Member:
    """Judge one fact: no value, an estimate, too few rows, too old, then the bound."""
    value = fact.values.get(term.field)
    place = subject_words(term, fact.subject)
    segment = fact.values.get("segment") if term.reduce is Reducer.BY_SEGMENT else _name(term, fact)
    about = f"{place}, {segment}" if segment and str(segment) not in place else place
    weak = weakness(term, fact, value)
    if weak:
        return Member(fact, Verdict.INSUFFICIENT, f"{about}: {weak}.")
    if not isinstance(value, bool | int | float | str):
        return Member(fact, Verdict.ERROR, f"{about}: {term.field} holds no value to compare.")
    end = expires(term, fact)
    told = value_words(term, value)
    if end is not None and end < at:
        sentence = f"{about}: {told} of {fact.observed_at:%-d %b %Y} held until {end:%-d %b %Y}."
        return Member(fact, Verdict.STALE, sentence, value)
    verdict = compared(term, value)
    if verdict is Verdict.ERROR:
        sentence = f"{about}: {told} cannot be held against {bound_words(term)}."
        return Member(fact, verdict, sentence, value)
    return Member(fact, verdict, f"{about}: {told}; asked is {bound_words(term)}.", value, end)


def weakness(term: Term, fact: Fact, value: object) -> str:
    """Return why a fact is too little to judge by; empty when it is enough."""
    rows = fact.values.get("rows" if fact.kind == "check" else "n")
    if value is None or (fact.kind == "check" and rows == 0):
        return "it ran, and there is no value"
    if fact.values.get("estimated") is True and not term.may_be_estimated:
        return "it is estimated without labels, and a realised value is asked for"
    enough = isinstance(rows, int) and rows >= (term.minimum_n or 0)
    if term.minimum_n is not None and not enough:
        count = rows if isinstance(rows, int) else "an unknown number of"
        return f"it rests on {count} rows; at least {term.minimum_n} are asked for"
    return ""


def compared(term: Term, value: Scalar) -> Verdict:
    """Hold a value against the bound; error when the two cannot be compared."""
    if isinstance(term.bound, tuple):
        is_met = any(_same(value, one) for one in term.bound)
    elif term.compare in (Comparison.EQUALS, Comparison.IS):
        if isinstance(value, bool) is not isinstance(term.bound, bool):
            return Verdict.ERROR
        is_met = value == term.bound
    elif isinstance(value, bool | str) or isinstance(term.bound, bool | str):
        return Verdict.ERROR
    else:
        is_least = term.compare is Comparison.AT_LEAST
        is_met = value >= term.bound if is_least else value <= term.bound
    return Verdict.MET if is_met else Verdict.UNMET


def _counted(term: Term, facts: Sequence[Fact], at: datetime) -> Member:
    """Count the records that speak and are fresh: too few is too little data, never unmet.

    Else a source that falls silent could turn the opposite into met.
    """
    about, wanted = subject_words(term, ""), term.bound
    sound = [fact for fact in facts if not weakness(term, fact, fact.values.get(term.field))]
    ends = {fact.record: expires(term, fact) for fact in sound}
    fresh = {record for record, end in ends.items() if end is None or end >= at}
    told = f"{about}: {len(fresh)} that count; asked is at least {shown(wanted)}."
    if not isinstance(wanted, int | float):
        return Member(None, Verdict.ERROR, told)
    last = max(sound, key=_age, default=None)
    if len(fresh) >= wanted:
        return Member(last, Verdict.MET, told, len(fresh), _spare(ends, fresh, int(wanted)))
    if len(ends) >= wanted:
        return Member(last, Verdict.STALE, f"{told} {len(ends)} were there.", len(fresh))
    word = Verdict.INSUFFICIENT if sound else Verdict.MISSING
    return Member(last, word, told, len(fresh))


def _spare(ends: Mapping[int, datetime | None], fresh: set[int], wanted: int) -> datetime | None:
    """Return when fewer than asked for are left."""
    ordered = sorted(end for record in fresh if (end := ends[record]) is not None)
    spare = len(fresh) - wanted
    return ordered[spare] if spare < len(ordered) else None


def _trace(term: Term, members: Sequence[Member], found: Sequence[Counted]) -> Trace:
    """Return what all members say together: unmet decides, then the worst unknown."""
    verdict = next(word for word in ORDER if any(one.verdict is word for one in members))
    deciding = [one for one in members if one.verdict is verdict]
    sentence = " ".join(one.sentence for one in deciding[:3])
    if len(deciding) > 3:
        sentence += f" And {len(deciding) - 3} more like these."
    records = {one.fact.record for one in members if one.fact is not None}
    if term.reduce is Reducer.COUNT:
        records |= {fact.record for one in found for fact in one.facts}
    pins = {record for one in found for record in one.pins}
    others = {one.other.record: one.why for one in found if one.other is not None}
    return Trace(
        asked=term_words(term),
        verdict=verdict,
        sentence=sentence,
        value=deciding[0].value,
        bound=bound_words(term),
        records=tuple(sorted(records | pins)),
        passed_over=tuple(sorted(set(others) - records - pins)),
        why=next((why for _, why in sorted(others.items(), reverse=True)), ""),
        stale_at=_ends(deciding),
        parts=_lines(term, members) if len(members) > 1 else (),
    )


def _ends(deciding: Sequence[Member]) -> datetime | None:
    """Return when the answer ends by time: met with its first member, unmet with its last."""
    ends = [one.stale_at for one in deciding]
    if deciding[0].verdict is Verdict.UNMET:
        return None if None in ends else max(end for end in ends if end is not None)
    return earliest(ends)


def _lines(term: Term, members: Sequence[Member]) -> tuple[Trace, ...]:
    """Return a line a member, those that do not hold first; beyond MOST_LINES they are left out."""
    ranked = sorted(members, key=lambda one: ORDER.index(one.verdict))
    return tuple(
        Trace(
            asked=_name(term, one.fact) or one.fact.subject if one.fact else one.sentence,
            verdict=one.verdict,
            sentence=one.sentence,
            value=one.value,
            bound=bound_words(term),
            records=(one.fact.record,) if one.fact else (),
            stale_at=one.stale_at,
        )
        for one in ranked[:MOST_LINES]
    )
