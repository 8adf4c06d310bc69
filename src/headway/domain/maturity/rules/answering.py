"""Answers the criteria of the models from what is known: met, attested, unmet or unknown.

Machine evidence and a person's word stand beside each other. A word counts with a link and a date
only, and never for more than done by hand. Where evidence says otherwise than the word, the word
still counts (else removing that evidence would raise the answer), and the contradiction is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from headway.domain.maturity.rules.catalogue import Criterion, Probe, all_models, probes
from headway.domain.maturity.rules.facts import Attested, Fact, Known
from headway.domain.maturity.rules.probing import Finding, State, ask

#: How long a person's word holds where nobody said when it is looked at again.
REVIEW_DAYS = 365

#: Of what a check pushed under a criterion's own id says.
_OWN_DAYS, _OWN_TIMES = 365, 2


class Answer(StrEnum):
    """What a criterion is answered with."""

    MET = "met"
    ATTESTED = "attested"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answered:
    """A criterion with its answer: why, by which records, and what it counts (0, 0.5 or 1)."""

    criterion: Criterion
    answer: Answer
    credit: float
    sentence: str
    records: tuple[int, ...] = ()
    attested: Attested | None = None
    is_stale: bool = False
    is_contradicted: bool = False

    @property
    def counts(self) -> bool:
        """Say whether it holds a level up."""
        return self.answer in (Answer.MET, Answer.ATTESTED)


#: The answer to each criterion, by its id.
Answers = Mapping[str, Answered]


def answers(known: Known, at: datetime) -> Answers:
    """Return the answer to every criterion of every model from what is `known` at `at`."""
    kinds: dict[str, list[Fact]] = {}
    for fact in known.facts:
        kinds.setdefault(fact.kind, []).append(fact)
    found = {
        probe.id: ask(probe, kinds.get(probe.kind or "audit", ()), known, at)
        for probe in probes().values()
    }
    own: dict[str, list[Fact]] = {}
    for fact in kinds.get("check", ()):
        own.setdefault(str(fact.fields.get("check")), []).append(fact)
    words = _words(known.attested, at)
    return {
        one.id: _answered(one, _machine(one, found, own, known, at), words.get(one.id), at)
        for model in all_models()
        for one in model.criteria
    }


def _words(attested: Sequence[Attested], at: datetime) -> Mapping[str, Attested]:
    """Return the newest word on each criterion; one without link and date is none."""
    newest: dict[str, Attested] = {}
    for one in attested:
        is_bare = one.answer == "met" and not (one.link and one.done_on)
        if is_bare or (one.done_on is not None and one.done_on > at.date()):
            continue
        held = newest.get(one.item)
        if held is None or (one.observed_at, one.record) > (held.observed_at, held.record):
            newest[one.item] = one
    # An answer that was taken back is none.
    return {item: one for item, one in newest.items() if one.answer != "missing"}


def _machine(
    criterion: Criterion,
    found: Mapping[str, Finding],
    own: Mapping[str, Sequence[Fact]],
    known: Known,
    at: datetime,
) -> Finding:
    """Return what machine evidence says: the best of its ways, or why there is none."""
    ways = [_together([found[name] for name in way]) for way in criterion.any]
    pushed = own.get(criterion.id)
    if pushed:
        probe = Probe(
            id=criterion.id,
            says=f"the check “{criterion.id}” passes",
            kind="check",
            passes={"passed": True},
            days=_OWN_DAYS,
            times=_OWN_TIMES,
        )
        ways.append(ask(probe, pushed, known, at))
    if not ways:
        sentence = "Only a person can answer this, or a check pushed under its id."
        return Finding(State.UNKNOWN, sentence)
    return min(ways, key=_rank)


def _rank(finding: Finding) -> tuple[int, bool]:
    """Met before everything; then what speaks against it, before silence."""
    order = (State.MET, State.UNMET, State.STALE, State.UNKNOWN)
    return (order.index(finding.state), not finding.automated)


def _together(findings: Sequence[Finding]) -> Finding:
    """Join findings that all have to hold: the worst speaks."""
    if len(findings) == 1:
        return findings[0]
    order = (State.MET, State.STALE, State.UNKNOWN, State.UNMET)
    worst = max(findings, key=lambda one: order.index(one.state))
    if worst.state is not State.MET:
        return worst
    records = tuple(dict.fromkeys(record for one in findings for record in one.records))
    sentence = " ".join(one.sentence for one in findings)
    return Finding(State.MET, sentence, records, all(one.automated for one in findings))


def _answered(
    criterion: Criterion, machine: Finding, word: Attested | None, at: datetime
) -> Answered:
    """Lay a person's word beside what machines say."""
    if machine.state is State.MET:
        credit = 1.0 if machine.automated else 0.5
        return Answered(criterion, Answer.MET, credit, machine.sentence, machine.records, word)
    if word is not None and word.answer == "met" and not _is_over(word, at):
        contradicted = machine.state is State.UNMET
        sentence = f"{_said(word)}"
        if contradicted:
            sentence += f" Evidence speaks against it: {machine.sentence}"
        records = (word.record, *machine.records) if contradicted else (word.record,)
        return Answered(
            criterion, Answer.ATTESTED, 0.5, sentence, records, word, is_contradicted=contradicted
        )
    return _open(criterion, machine, word)


def _open(criterion: Criterion, machine: Finding, word: Attested | None) -> Answered:
    """Say why a criterion is not met: evidence or a word against it, age, or silence."""
    if word is not None and word.answer != "met":
        sentence = f"{word.role or 'Somebody'} answered “{word.answer.replace('_', ' ')}”"
        sentence += f": {word.statement}" if word.statement else "."
        return Answered(criterion, Answer.UNMET, 0.0, sentence, (word.record,), word)
    if machine.state is State.UNMET:
        return Answered(criterion, Answer.UNMET, 0.0, machine.sentence, machine.records, word)
    if word is not None:
        sentence = f"{_said(word)} That was to be looked at again by {_review(word):%-d %b %Y}."
        records = (word.record,)
        return Answered(criterion, Answer.UNKNOWN, 0.0, sentence, records, word, is_stale=True)
    stale = machine.state is State.STALE
    return Answered(
        criterion, Answer.UNKNOWN, 0.0, machine.sentence, machine.records, None, is_stale=stale
    )


def _said(word: Attested) -> str:
    done = f"{word.done_on:%-d %b %Y}" if word.done_on else "a day not given"
    said = f": {word.statement.rstrip('.')}" if word.statement else ""
    return f"Done by hand on {done}, says {word.role or 'somebody'}{said}."


def _review(word: Attested) -> datetime:
    """Return until when a word holds."""
    return word.valid_until or word.observed_at + timedelta(days=REVIEW_DAYS)


def _is_over(word: Attested, at: datetime) -> bool:
    return _review(word) < at
