"""What is worth a person's attention, and how it is put."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

#: A mail that failed this often is given up; its failure stays to be seen.
MOST_TRIES = 5

#: The wait after the first failure; each one after it is four times as long: a day and more in all.
FIRST_WAIT = timedelta(minutes=5)


class Shifted(Protocol):
    """What a notice tells of."""

    dimension: str
    old_verdict: str
    new_verdict: str
    sentence: str


def is_worth_telling(old_verdict: str, new_verdict: str, criterion: str) -> bool:
    """Say whether a shift is told: verdicts of dimensions that changed after the first look.

    Single criteria speak through their dimension; a change of level alone is seen on the page.
    """
    return bool(old_verdict) and old_verdict != new_verdict and not criterion


def next_mail_in(tries: int) -> timedelta:
    """Return how long to wait after the failure number `tries`."""
    return FIRST_WAIT * int(4 ** (tries - 1))


def digest_mail(pile: Sequence[tuple[str, Shifted]], address: str) -> tuple[str, str]:
    """Return subject and body of one mail for all of `pile` (place, shift), oldest first."""
    places = sorted({place for place, _ in pile})
    count = "1 change" if len(pile) == 1 else f"{len(pile)} changes"
    # One line, whatever people named their programs: a line break would forge a header.
    subject = " ".join(f"Headway: {count} in {', '.join(places[:3])}".split())
    lines = [
        f"{place}, {shift.dimension}: {_word(shift.old_verdict)} → {_word(shift.new_verdict)}\n"
        f"  {shift.sentence}"
        for place, shift in pile
    ]
    body = "\n\n".join(lines) + f"\n\nOpen it: {address}\n"
    return subject, body


def _word(verdict: str) -> str:
    return verdict.replace("_", " ") or "not judged"
