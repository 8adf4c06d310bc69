"""What labels say where a tracker has no field for it: that work was begun, and how long it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BEGUN = re.compile(
    r"(?:(?:status|workflow|state)[:/ ]*)?"
    r"(?:in[ -]?progress|doing|wip|started|in[ -]?review|in[ -]?dev)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"(?:points?|sp|story points?|estimate|size)(?: ?[:/=] ?|[ -])(\d{1,4}(?:\.\d{1,2})?)",
    re.IGNORECASE,
)


def begun_label(labels: Iterable[str]) -> str:
    """Return the label that says that work was begun ("in progress", "workflow::doing"), or ""."""
    return next((label for label in labels if _BEGUN.fullmatch(label)), "")


def points_in(labels: Iterable[str]) -> set[float]:
    """Return the numbers of points that the labels name ("points: 5"); sound plans name one."""
    return {float(match[1]) for label in labels if (match := _POINTS.fullmatch(label))}
