"""What is worth a person's attention, and how long to wait for a mail server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from headway.domain.assessments.rules.verdicts import MONITOR, PROMOTION
from headway.domain.notices.rules.preferences import Kind

#: A mail that failed this often is given up; its failure stays to be seen.
MOST_TRIES = 5

#: The wait after the first failure; each one after it is four times as long: a day and more in all.
FIRST_WAIT = timedelta(minutes=5)

#: What the columns of a notice hold.
LONGEST_ABOUT, LONGEST_SENTENCE, LONGEST_LINK = 120, 1_000, 500


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to tell a member: of which kind, in one sentence, and where it is read.

    `about` names what happened ("comment 7f3a…"): nobody is told of one thing twice. `link` is a
    path below the workspace's own, such as `projects/scores/items/train/`.
    """

    kind: Kind
    about: str
    sentence: str
    link: str = ""


def is_worth_telling(old_verdict: str, new_verdict: str, criterion: str) -> bool:
    """Say whether a shift is told: verdicts of dimensions that changed after the first look.

    Single criteria speak through their dimension, monitors for themselves; that one has begun or
    has nothing to say yet is no news, nor is a change of level alone.
    """
    if not old_verdict or old_verdict == new_verdict:
        return False
    if criterion.startswith(PROMOTION):
        return "unmet" in (old_verdict, new_verdict)
    if criterion.startswith(MONITOR):
        return new_verdict in ("unmet", "stale") or (
            new_verdict == "met" and old_verdict in ("unmet", "stale")
        )
    return not criterion


def shift_sentence(place: str, dimension: str, verdicts: tuple[str, str], sentence: str) -> str:
    """Say a shift in one line: where, which dimension, from what to what, and why."""
    old, new = (verdict.replace("_", " ") or "not judged" for verdict in verdicts)
    return f"{place}, {dimension}: {old} → {new}. {sentence}"


def next_mail_in(tries: int) -> timedelta:
    """Return how long to wait after the failure number `tries`."""
    return FIRST_WAIT * int(4 ** (tries - 1))
