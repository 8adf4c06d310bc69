"""What a contract wants as evidence, judged from records: met, missing, stale; never typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from headway.analysis.verdicts import Verdict
from headway.domain.programs.rules.fields import Reader, choice, day, text
from headway.domain.vendors.rules.facts import joined

#: How long an answer stands where its record does not say, in days; others stand until replaced.
FRESH_DAYS: Mapping[str, int] = {"security-review": 365}

#: What wanted evidence is called.
NAMES: Mapping[str, str] = {
    "dpa": "Data processing agreement",
    "security-review": "Security review",
}

_ANSWERS: Mapping[str, Verdict] = {
    "met": Verdict.MET,
    "partly": Verdict.UNMET,
    "unmet": Verdict.UNMET,
    "missing": Verdict.MISSING,
    "not_applicable": Verdict.NOT_APPLICABLE,
}

REVIEW_FIELDS: Mapping[str, Reader] = {
    "answer": choice("met", "partly", "unmet", "missing", "not_applicable"),
    "role": text(200, required=True),
    "statement": text(4_000),
    "link": text(300),
    "done_on": day,
    "valid_until": day,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A record that may answer: its kind, its words, when it was seen, how long it is valid."""

    record: int
    kind: str
    payload: Mapping[str, Any]
    observed_at: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class WantedEvidence:
    """How one wanted evidence stands, and the record it rests on."""

    key: str
    name: str
    verdict: Verdict
    sentence: str
    record: int | None = None


def judge_wanted(key: str, told: Sequence[Told], at: datetime) -> WantedEvidence:
    """Return how one wanted evidence stands: the newest record that names it speaks."""
    name = NAMES.get(key, key.replace("-", " ").capitalize())
    answers = [(one, answer) for one in told if (answer := _answer(key, one)) is not None]
    if not answers:
        return WantedEvidence(key, name, Verdict.MISSING, f"No record says anything of its {key}.")
    last, verdict = max(answers, key=lambda row: (row[0].observed_at, row[0].record))
    until = _until(key, last)
    when = f"{last.observed_at.day} {last.observed_at:%b %Y}"
    if until is not None and until < at:
        gone = f"{until.day} {until:%b %Y}"
        sentence = f"What was said on {when} held until {gone}."
        return WantedEvidence(key, name, Verdict.STALE, sentence, last.record)
    said = str(last.payload.get("statement") or last.payload.get("sentence") or "").strip()
    holds = f"; it holds until {until.day} {until:%b %Y}" if until else ""
    sentence = f"Record of {when}{holds}.{f' {said}' if said else ''}"
    return WantedEvidence(key, name, verdict, sentence, last.record)


def _until(key: str, told: Told) -> datetime | None:
    days = FRESH_DAYS.get(key)
    fresh = told.observed_at + timedelta(days=days) if days else None
    known = [one for one in (told.valid_until, fresh) if one is not None]
    return min(known, default=None)


def _answer(key: str, told: Told) -> Verdict | None:
    """Return what a record says of a key; None where it speaks of something else."""
    payload = told.payload
    if told.kind == "attestation" and _plain(payload["item"]) == key:
        return _ANSWERS[payload["answer"]]
    if told.kind == "check" and _plain(payload["check"]) == key:
        passed = payload["passed"]
        if passed is None:
            return Verdict.INSUFFICIENT
        return Verdict.MET if passed else Verdict.UNMET
    if told.kind == "audit":
        found = next((one for one in payload["checks"] if _plain(one["id"]) == key), None)
        return _ANSWERS[found["verdict"]] if found else None
    return None


def _plain(words: object) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(words).lower()).strip("-")


def open_without(wanted: Sequence[WantedEvidence], orders: int) -> str:
    """Say which wanted evidence does not hold while so many orders are open; empty where all does.

    Nothing is stopped by itself: who approved the contract is asked again, since what they saw
    got worse.
    """
    fine = (Verdict.MET, Verdict.NOT_APPLICABLE)
    lacking = [f"{one.name} ({one.verdict})" for one in wanted if one.verdict not in fine]
    if not lacking or not orders:
        return ""
    count = "1 order is open" if orders == 1 else f"{orders} orders are open"
    return (
        f"{count} and this does not hold: {joined(lacking)}. Hand nothing more over until it does."
    )
