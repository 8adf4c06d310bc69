"""What a person may say beside a computed status, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headway.domain.assessments.rules.verdicts import Dimension, Level
from headway.errors import Invalid

#: An override is a loan: it ends by itself.
LONGEST_OVERRIDE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class JudgementDraft:
    """A person's words on a dimension of a program (or of one project); `level` overrides it."""

    program: str
    dimension: str
    words: str
    project: str = ""
    level: str = ""
    until: date | None = None


def check_judgement(draft: JudgementDraft, at: datetime) -> None:
    """Raise Invalid when a judgement lacks words, or an override lacks an end."""
    if draft.dimension not in list(Dimension):
        sentence = f"'{draft.dimension}' is not a dimension; they are {', '.join(Dimension)}."
        raise Invalid(sentence)
    if not draft.words.strip():
        sentence = "A judgement needs words: say why you see it so."
        raise Invalid(sentence)
    if not draft.level:
        return
    if draft.level not in (Level.GOOD, Level.AT_RISK, Level.BAD):
        sentence = f"'{draft.level}' is not a level; choose good, at_risk or bad."
        raise Invalid(sentence)
    last = at.date() + LONGEST_OVERRIDE
    if draft.until is None or not at.date() <= draft.until <= last:
        sentence = f"An override must say until when, {last} at the latest; then it ends by itself."
        raise Invalid(sentence)
