"""judge_control: one control, what is known of its scope, a moment → a verdict and its grounds.

Evidence and the person are both heard, and all have to hold: evidence alone supports, an
attestation alone is a word. Missing never passes, and a source that falls silent turns nothing
into met. Reduce first, then judge age: of each series the newest record speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from headway.domain.assessments.rules import Assessment, Level, Verdict, all_of, level_of
from headway.domain.compliance.rules.known import Known, Proof, Series, text_of
from headway.domain.compliance.rules.packs import Ask, Control, Pack, ask_words
from headway.domain.compliance.rules.packs.asking import ASKABLE


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of a control: "as_asked", "by_attestation" or "not_applicable"."""

    way: str
    reason: str
    author: str
    at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Played:
    """Which roles are played, and which classes of the law fit; empty: not known yet.

    `said` tells who answered so, when and why.
    """

    roles: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Attested:
    """What a person answered for, in a record of the ledger."""

    record: int
    answer: str
    role: str
    statement: str
    link: str
    done_on: date | None
    until: datetime


@dataclass(frozen=True, slots=True)
class ControlStanding:
    """A control as it stands: the verdict, and evidence and attestation beside each other."""

    control: Control
    assessment: Assessment
    evidence: Assessment | None = None
    attestation: Assessment | None = None
    attested: Attested | None = None
    answer: Answer | None = None

    @property
    def verdict(self) -> Verdict:
        """Return the verdict."""
        return self.assessment.verdict

    @property
    def basis(self) -> str:
        """Return what a met control rests on: "evidence", "attestation", "both"; else nothing."""
        if self.verdict is not Verdict.MET:
            return ""
        if self.evidence is None:
            return "attestation"
        return "evidence" if self.attestation is None else "both"

    @property
    def is_supported(self) -> bool:
        """Say whether evidence supports it and nobody has answered for it yet."""
        has_evidence = self.evidence is not None and self.evidence.verdict is Verdict.MET
        return has_evidence and self.verdict is not Verdict.MET

    @property
    def applies(self) -> bool:
        """Say whether it applies."""
        return self.verdict is not Verdict.NOT_APPLICABLE


def item_of(pack: Pack, control: Control) -> str:
    """Return the name by which an attestation of this control goes."""
    return f"{pack.id}/{control.id}"


def judge_control(  # noqa: PLR0913 - what is known, and what was said, of one control
    pack: Pack,
    control: Control,
    known: Known,
    at: datetime,
    *,
    scope: str,
    answer: Answer | None = None,
    played: Played | None = None,
) -> ControlStanding:
    """Return how a control of `pack` stands for `scope` ("system:screening") at `at`."""
    rule = f"{pack.id} {control.id}"
    aside = _set_aside(control, answer, at) or _not_ours(control, answer, played)
    if aside:
        found = Assessment(Verdict.NOT_APPLICABLE, Level.UNKNOWN, aside, rule)
        return ControlStanding(control, found, answer=answer)
    by_hand = answer is not None and answer.way == "by_attestation"
    asks = () if by_hand else control.asks
    evidence = _evidence(control, asks, known, at, rule) if asks else None
    attested = _attested(pack, control, known, scope)
    attestation = None
    if control.attest or not asks:
        attestation = _attestation(attested, at, rule)
    parts = [part for part in (evidence, attestation) if part is not None]
    whole = all_of(parts, rule=rule, nothing="Nothing answers it.")
    return ControlStanding(
        control, _when_due(whole, control, at), evidence, attestation, attested, answer
    )


def _set_aside(control: Control, answer: Answer | None, at: datetime) -> str:
    """Return why a control does not apply; empty when it does."""
    if answer is not None and answer.way == "not_applicable":
        return f"Does not apply, says {answer.author} on {answer.at:%-d %b %Y}: {answer.reason}"
    if control.effective_until is not None and control.effective_until <= at.date():
        return f"No longer asked since {control.effective_until:%-d %b %Y}."
    return ""


def _not_ours(control: Control, answer: Answer | None, played: Played | None) -> str:
    """Return why a control is asked of others, by what was answered of roles and class."""
    if played is None or answer is not None:
        return ""  # what somebody said of this very control counts more
    for asked, ours in ((control.roles, played.roles), (control.classes, played.classes)):
        if asked and ours and not ours.intersection(asked):
            return f"Asked of {' or '.join(asked)}. {played.said}"
    return ""


def _when_due(found: Assessment, control: Control, at: datetime) -> Assessment:
    """Return the assessment of a control that may not be asked yet: missing is then not due."""
    if control.effective_from <= at.date():
        return found
    day = f"{control.effective_from:%-d %b %Y}"
    verdict, sentence = found.verdict, f"{found.sentence} Asked from {day} on."
    if verdict is Verdict.MISSING:
        verdict, sentence = Verdict.NOT_DUE, f"Not due until {day}. {found.sentence}"
    level = level_of(verdict, is_due=False)
    return Assessment(verdict, level, sentence, found.rule, found.records)


def _evidence(
    control: Control, asks: Sequence[Ask], known: Known, at: datetime, rule: str
) -> Assessment:
    parts = [judge_ask(ask, known, at) for ask in asks]
    return all_of(parts, rule=rule, nothing=f"{control.id} asks for no evidence.")


def judge_ask(ask: Ask, known: Known, at: datetime) -> Assessment:
    """Return the verdict on one ask: every series that ever spoke, and every known subject."""
    rule = f"evidence {ask.kind}"
    newest: dict[Series, Proof] = {}
    for one in known.proofs:
        if _speaks(ask, one):
            held = newest.get(one.series)
            if held is None or _age(one) > _age(held):
                newest[one.series] = one
    expected = {one.series for one in known.heard if _speaks(ask, one)} | set(newest)
    silent = _unheard(ask, known) - {name for name, _ in expected}
    parts = [_judged(ask, newest.get(series), series, at) for series in sorted(expected)]
    parts += [_judged(ask, None, (name, ()), at) for name in sorted(silent)]
    return all_of(parts, rule=rule, nothing=f"There is no evidence yet: {ask_words(ask)}.")


def _unheard(ask: Ask, known: Known) -> set[str]:
    """Return the subjects each of which has to speak: one that is named, or all of a kind."""
    about = ask.about or ASKABLE[ask.kind].about
    if ":" in about:
        return {about}
    return {name for name in known.versions if about and name.startswith(f"{about}:")}


def _is_about(ask: Ask, name: str) -> bool:
    about = ask.about or ASKABLE[ask.kind].about
    return not about or name == about or name.startswith(f"{about}:")


def _speaks(ask: Ask, proof: Proof) -> bool:
    """Say whether a record is one of those that the ask means."""
    return (
        proof.kind == ask.kind
        and _is_about(ask, proof.name)
        and all(text_of(proof.values.get(one)) in words for one, words in ask.where.items())
    )


def _judged(ask: Ask, found: Proof | None, series: Series, at: datetime) -> Assessment:
    """Judge the newest record of a series: too little, too old, then what it says."""
    told = ", ".join(part.replace("_", " ") for part in series[1] if part)
    about = f"{ask.kind.replace('_', ' ')} {told}".strip()
    where = f"{about} of {series[0]}"
    if found is None:
        sentence = f"No {where} is known, which is asked."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, f"evidence {ask.kind}")
    verdict, why = _said(ask, found, at)
    sentence = f"{where.capitalize()}: {why}."
    return Assessment(verdict, level_of(verdict), sentence, f"evidence {ask.kind}", (found.record,))


def _said(ask: Ask, found: Proof, at: datetime) -> tuple[Verdict, str]:
    values = _member(ask, found)
    if values is None:
        return Verdict.MISSING, f"it says nothing of {ask.item}"
    weak = _weakness(ask, values)
    if weak:
        return Verdict.INSUFFICIENT, weak
    ends = expires(found, ask.within)
    if ends is not None and ends < at:
        return Verdict.STALE, f"of {found.observed_at:%-d %b %Y}, held until {ends:%-d %b %Y}"
    fault = _fault(ask, values)
    if fault:
        return Verdict.UNMET, fault
    return Verdict.MET, f"as asked on {found.observed_at:%-d %b %Y}"


def _member(ask: Ask, found: Proof) -> Mapping[str, Any] | None:
    """Return the values that the ask reads: the record's, or those of one of its items."""
    if not ask.item:
        return found.values
    askable = ASKABLE[ask.kind]
    items = found.values.get(askable.items) or ()
    member = next((one for one in items if one.get(askable.item_id) == ask.item), None)
    return None if member is None else {**found.values, **member}


def _weakness(ask: Ask, values: Mapping[str, Any]) -> str:
    """Return why a record is too little to judge by; empty where it is enough."""
    if ask.kind == "check" and (values.get("passed") is None or values.get("rows") == 0):
        return "it ran on no rows, which is no evidence"
    if values.get("estimated") is True and "estimated" not in ask.where:
        return "it is estimated without labels; a realised value is asked for"
    for one in (*ask.equal, *ask.given, *ask.at_least, *ask.at_most):
        if values.get(one) in (None, ""):
            return f"it does not say its {one.replace('_', ' ')}"
    return ""


def _fault(ask: Ask, values: Mapping[str, Any]) -> str:
    """Return which of the things asked it says otherwise; empty where none."""
    for one, words in ask.equal.items():
        told = text_of(values[one])
        if told not in words:
            return f"{one.replace('_', ' ')} is {told}, asked is {' or '.join(words)}"
    for one, least in ask.at_least.items():
        if not _is_number(values[one]) or values[one] < least:
            return f"{one.replace('_', ' ')} is {values[one]}, asked is at least {least:g}"
    for one, most in ask.at_most.items():
        if not _is_number(values[one]) or values[one] > most:
            return f"{one.replace('_', ' ')} is {values[one]}, asked is at most {most:g}"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def expires(found: Proof, within: int | None) -> datetime | None:
    """Evidence expires at min(valid_until, observed_at + freshness)."""
    ends = [found.valid_until] if found.valid_until else []
    if within is not None:
        ends.append(found.observed_at + timedelta(days=within))
    return min(ends) if ends else None


def _attested(pack: Pack, control: Control, known: Known, scope: str) -> Attested | None:
    """Return the newest attestation of this control for this scope."""
    item = item_of(pack, control)
    found = [
        one
        for one in known.proofs
        if one.kind == "attestation" and one.subject == scope and one.values.get("item") == item
    ]
    if not found:
        return None
    newest = max(found, key=_age)
    done_on = _day(newest.values.get("done_on"))
    since = newest.observed_at if done_on is None else datetime.combine(done_on, time(), UTC)
    ends = [since + timedelta(days=control.review_days)]
    ends += [newest.valid_until] if newest.valid_until else []
    return Attested(
        newest.record,
        text_of(newest.values.get("answer")),
        text_of(newest.values.get("role")),
        text_of(newest.values.get("statement")),
        text_of(newest.values.get("link")),
        done_on,
        min(ends),
    )


def _attestation(attested: Attested | None, at: datetime, rule: str) -> Assessment:
    """Judge a person's word: with a link and a day, and not older than its review."""
    if attested is None:
        sentence = "Nobody has answered for it yet."
        return Assessment(Verdict.MISSING, Level.UNKNOWN, sentence, rule)
    who = attested.role.capitalize()
    if attested.answer != "met":
        word = attested.answer.replace("_", " ")
        verdict = Verdict.UNMET if attested.answer in ("unmet", "partly") else Verdict.MISSING
        level = Level.AT_RISK if attested.answer == "partly" else level_of(verdict)
        sentence = f"{who} answers: {word}. {attested.statement}".strip()
        return Assessment(verdict, level, sentence, rule, (attested.record,))
    if not attested.link or attested.done_on is None:
        verdict, sentence = Verdict.INSUFFICIENT, f"{who} answers for it without a link and a day."
    elif attested.until < at:
        verdict = Verdict.STALE
        sentence = f"{who} answered for it; its review was due on {attested.until:%-d %b %Y}."
    else:
        verdict = Verdict.MET
        sentence = f"{who} answers for it; review by {attested.until:%-d %b %Y}."
    return Assessment(verdict, level_of(verdict), sentence, rule, (attested.record,))


def _age(proof: Proof) -> tuple[datetime, int]:
    return (proof.observed_at, proof.record)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
