"""The verdict: one enumeration everywhere. Missing evidence never passes; only `met` is good."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What plan, evidence or data say of a question, at a moment."""

    MET = "met"
    UNMET = "unmet"
    MISSING = "missing"
    STALE = "stale"
    INSUFFICIENT = "insufficient"
    ERROR = "error"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
