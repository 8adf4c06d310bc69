"""Answers and classes in the words of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.domain.compliance.queries import AnswerFacts, ObligationLine
from headway.domain.compliance.rules.ai_act import NOT_YET, SystemClass
from headway.domain.compliance.rules.law import Kind, Question
from headway.interfaces.web.layout.status import Status

#: A class as a chip: only what was found to be small is green.
CLASSES = {
    SystemClass.PROHIBITED: Status("bad", "Prohibited", "bad"),
    SystemClass.HIGH: Status("at-risk", "High-risk", "at-risk"),
    SystemClass.LIMITED: Status("good", "Limited risk", "good"),
    SystemClass.GENERAL_PURPOSE: Status("at-risk", "General purpose", "at-risk"),
    SystemClass.MINIMAL: Status("good", "Minimal risk", "good"),
    SystemClass.OUT: Status("not_applicable", "Out of scope", "quiet"),
    SystemClass.OPEN: Status("missing", "Not classified", "unknown"),
}

HARMS = {
    "serious": "Serious harm (15 days)",
    "death": "Death of a person (10 days)",
    "widespread": "Widespread infringement (2 days)",
    "critical_infrastructure": "Critical infrastructure (2 days)",
}

DUTY_STATES = {"open": "Open", "done": "Done", "not_applicable": "Does not apply"}


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with what was answered, and what was before."""

    question: Question
    answer: AnswerFacts | None
    said: str
    earlier: Sequence[tuple[AnswerFacts, str]]


def said_value(question: Question, value: object) -> str:
    """Return an answer as people read it."""
    match question.kind:
        case Kind.YES_NO:
            return "Yes" if value else "No"
        case Kind.DAY:
            return "Not yet" if value == NOT_YET else str(value)
        case _:
            named = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
            words = [option.words for option in question.options if option.id in named]
            return "; ".join(words) or "None of them"


def said_balance(lines: Sequence[ObligationLine], on: date) -> str:
    """Say how the obligations of a page stand, and what comes next."""
    if not lines:
        return "No obligation is known yet."
    binding = [one for one in lines if one.due.binds(on)]
    lacking = sum(one.verdict in ("missing", "unmet", "stale") for one in binding)
    coming = [one.due.applies_from for one in lines if one.due.applies_from > on]
    parts = [f"{len(binding)} bind now" if len(binding) != 1 else "1 binds now"]
    if binding:
        shown = "is not shown to be met" if lacking == 1 else "are not shown to be met"
        parts[0] += f", {lacking} {shown}" if lacking else ", shown to be met"
    if coming:
        day = min(coming)
        parts.append(f"{coming.count(day)} more from {day:%-d %b %Y}, in {(day - on).days} days")
    return "; ".join(parts) + "."
