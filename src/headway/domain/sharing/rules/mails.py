"""What the mails to people outside say; one line of subject, whatever people named their things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from headway.domain.plans.rules import DecisionFacts
from headway.rendering.phrases import day, shift


class Asking(Protocol):
    """What a mail that asks for a decision tells of."""

    @property
    def asked_by(self) -> str:
        """Who asks."""

    @property
    def decision(self) -> DecisionFacts:
        """What is asked."""

    @property
    def expires_at(self) -> datetime:
        """When the link ends."""


def one_line(words: str) -> str:
    """Return words as a header takes them: a line break would forge another header."""
    return " ".join(words.split())


def question_mail(asking: Asking, address: str) -> tuple[str, str]:
    """Return subject and body of the mail that asks somebody to decide at `address`."""
    decision = asking.decision
    waiting = decision.waiting.waiting_days if decision.waiting else None
    lines = [
        f"{asking.asked_by} asks you to decide:",
        decision.question,
        *([decision.background] if decision.background else []),
        "\n".join(f"- {line}" for line in _options(decision)),
        *([f"One more week adds {waiting} days at P80."] if waiting and waiting > 0 else []),
        f"Answer here; the link works once, until {day(asking.expires_at.date())}:\n{address}",
        "It was made for you: whoever opens it can answer in your name. "
        "If you do not expect this, ignore it: nothing happens until an answer is given.",
    ]
    return one_line(f"Your decision: {decision.question}"), "\n\n".join(lines) + "\n"


def _options(decision: DecisionFacts) -> Sequence[str]:
    return [
        option.name
        + _does(decision, option.key)
        + (" (recommended)" if option.key == decision.recommended else "")
        for option in decision.options
    ]


def _does(decision: DecisionFacts, key: str) -> str:
    found = decision.outlook.of(key) if decision.outlook else None
    if found is None or found.finish_p80 is None:
        return ""
    moved = f", {shift(found.days_p80)}" if found.days_p80 else ""
    return f": P80 {day(found.finish_p80)}{moved}"
