"""Verdicts and levels as a reader meets them: a shape, a word, a tone; never colour alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """`shape` is a symbol in icons.svg, `tone` a class in components.css."""

    shape: str
    word: str
    tone: str


#: The eight verdicts of PRODUCT. Only `met` is green; what is not known is grey and hatched.
VERDICTS = {
    "met": Status("met", "Met", "good"),
    "unmet": Status("unmet", "Unmet", "bad"),
    "missing": Status("missing", "Missing", "unknown"),
    "stale": Status("stale", "Stale", "unknown"),
    "insufficient": Status("insufficient", "Too little data", "unknown"),
    "error": Status("error", "Error", "bad"),
    "not_due": Status("not_due", "Not due", "quiet"),
    "not_applicable": Status("not_applicable", "Not applicable", "quiet"),
}

LEVELS = {
    "good": Status("good", "Good", "good"),
    "at_risk": Status("at-risk", "At risk", "at-risk"),
    "bad": Status("bad", "Bad", "bad"),
    "unknown": Status("unknown", "Unknown", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the six of a health strip; any object with these attributes will do.

    `judged` is a person's own level, shown beside the computed one, never instead of it.
    """

    name: str
    level: str
    verdict: str
    sentence: str = ""
    href: str = ""
    judged: str = ""
    judged_by: str = ""


def verdict_status(verdict: str) -> Status:
    """Return how `verdict` is shown; KeyError for a name that is none."""
    return VERDICTS[str(verdict)]


def level_status(level: str) -> Status:
    """Return how `level` is shown."""
    return LEVELS[str(level)]


def health_status(level: str, verdict: str) -> Status:
    """Return the one chip of a dimension: its level where it was judged, else why it was not.

    A stale or missing record has no colour, whatever level was computed before it fell silent.
    """
    if verdict and str(verdict) not in ("met", "unmet"):
        return verdict_status(verdict)
    return level_status(level)
