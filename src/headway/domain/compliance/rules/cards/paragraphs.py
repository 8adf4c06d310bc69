"""A card as paragraphs, each with the records it rests on, and how well it stands.

A paragraph is met when what it says is known and fresh, stale when its evidence or its review ran
out, missing when nothing is known: then its text says so. Nothing is ever filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID

from headway.analysis.verdicts import Verdict

#: Silent sections that a sentence names.
MOST_NAMED = 3


class Origin(StrEnum):
    """Where a paragraph comes from."""

    EVIDENCE = "evidence"
    PLAN = "plan"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Words:
    """What a person wrote for one place of a card, and until when it need not be looked at."""

    id: UUID
    place: str
    text: str
    author: str
    at: datetime
    review_by: date | None
    version: int

    @property
    def until(self) -> datetime | None:
        """Return the last moment that the words stand without a review."""
        return datetime.combine(self.review_by, time.max, UTC) if self.review_by else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One statement. `place` names the words of people that it holds or wants; `until` its end."""

    key: str
    label: str
    text: str
    verdict: Verdict
    origin: Origin = Origin.EVIDENCE
    records: tuple[int, ...] = ()
    until: datetime | None = None
    place: str = ""
    words: Words | None = None

    @property
    def is_known(self) -> bool:
        """Say whether it states something, fresh or not."""
        return self.verdict is not Verdict.MISSING


@dataclass(frozen=True, slots=True)
class CardSection:
    """A section of a card, with what it is to say."""

    key: str
    title: str
    asks: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def verdict(self) -> Verdict:
        """Return how it stands: missing when nothing is known, stale when something ran out."""
        if not any(one.is_known for one in self.paragraphs):
            return Verdict.MISSING
        is_stale = any(one.verdict is Verdict.STALE for one in self.paragraphs)
        return Verdict.STALE if is_stale else Verdict.MET

    @property
    def unknown(self) -> int:
        """Return how many of its paragraphs are unknown."""
        return sum(not one.is_known for one in self.paragraphs)


@dataclass(frozen=True, slots=True)
class CardDocument:
    """A card or file as of a moment. `about` is the subject ("model:x@2", "system:x").

    `front` are facts for machines.
    """

    kind: str
    about: str
    title: str
    at: datetime
    sections: tuple[CardSection, ...]
    front: tuple[tuple[str, object], ...] = ()

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        """Return all paragraphs in order."""
        return [one for section in self.sections for one in section.paragraphs]

    @property
    def stale(self) -> int:
        """Return how many paragraphs ran out."""
        return sum(one.verdict is Verdict.STALE for one in self.paragraphs)

    @property
    def unknown(self) -> int:
        """Return how many paragraphs are unknown."""
        return sum(not one.is_known for one in self.paragraphs)

    @property
    def until(self) -> datetime | None:
        """Return when the first paragraph that is fresh now runs out; None: none does."""
        ends = [one.until for one in self.paragraphs if one.until and one.verdict is Verdict.MET]
        return min(ends, default=None)

    @property
    def records(self) -> tuple[int, ...]:
        """Return every record that it rests on."""
        return tuple(sorted({record for one in self.paragraphs for record in one.records}))

    @property
    def sentence(self) -> str:
        """Say how the card stands."""
        told = sum(section.verdict is not Verdict.MISSING for section in self.sections)
        parts = [f"{told} of {len(self.sections)} sections say something"]
        silent = [one.title for one in self.sections if one.verdict is Verdict.MISSING]
        if 0 < len(silent) <= MOST_NAMED:
            parts.append(f"nothing is known of {', '.join(silent)}")
        if self.stale:
            has = "statement has" if self.stale == 1 else "statements have"
            parts.append(f"{self.stale} {has} gone stale")
        if self.unknown:
            things = "thing is" if self.unknown == 1 else "things are"
            parts.append(f"{self.unknown} {things} unknown")
        return "; ".join(parts) + "."


def known(
    key: str,
    label: str,
    text: str,
    at: datetime,
    *,
    records: Iterable[int | None] = (),
    until: datetime | None = None,
) -> Paragraph:
    """Return a paragraph that states something; stale when `until` is past at `at`."""
    verdict = Verdict.STALE if until is not None and until < at else Verdict.MET
    held = tuple(sorted({record for record in records if record is not None}))
    return Paragraph(key, label, text, verdict, Origin.EVIDENCE, held, until)


def planned(key: str, label: str, text: str) -> Paragraph:
    """Return a paragraph that the plan states."""
    return Paragraph(key, label, text, Verdict.MET, Origin.PLAN)


def outdated(key: str, label: str, text: str, why: str, records: Iterable[int]) -> Paragraph:
    """Return a paragraph whose evidence is about something older, and why it no longer counts."""
    told = f"{text} {why}"
    return Paragraph(key, label, told, Verdict.STALE, records=tuple(sorted(set(records))))


def unknown(key: str, label: str, what: str) -> Paragraph:
    """Return a paragraph that says that there is no evidence of `what`."""
    return Paragraph(key, label, f"Unknown: no evidence of {what}.", Verdict.MISSING)


def said(
    place: str, label: str, what: str, words: Words | None, at: datetime, *, needed: bool = True
) -> tuple[Paragraph, ...]:
    """Return the words of a person for `place`; unknown when nobody wrote any and it is needed."""
    if words is None or not words.text:
        if not needed:
            return ()
        text = f"Unknown: no statement of {what}."
        return (Paragraph(place, label, text, Verdict.MISSING, Origin.PERSON, place=place),)
    until = words.until
    verdict = Verdict.STALE if until is not None and until < at else Verdict.MET
    return (
        Paragraph(
            place, label, words.text, verdict, Origin.PERSON, until=until, place=place, words=words
        ),
    )
