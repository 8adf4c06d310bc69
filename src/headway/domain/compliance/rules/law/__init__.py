"""The law as data: questions, options and obligations with the days from which they bind.

An article's date may change before it comes. So each date has two: the day from which the law said
so (`said_from`) and the day it applies from; of those said by a moment, the last one holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Form, compose

_FORM = Form("file of law", "`id` and `title`", "part it")


class Kind(StrEnum):
    """What an answer to a question is."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"
    ANY_OF = "any_of"  # none is an answer
    SOME_OF = "some_of"  # at least one
    DAY = "day"  # a day, or "not yet"


@dataclass(frozen=True, slots=True)
class Source:
    """Where it is written; `verify`: not checked against the Official Journal."""

    id: str
    title: str
    address: str
    verify: bool


@dataclass(frozen=True, slots=True)
class Term:
    """From when the law bound, as it was said from a day on.

    Who was on the market before the day `grace_before` has until `grace_from`.
    """

    said_from: date
    applies_from: date
    source: str
    verify: bool = False
    grace_before: date | None = None
    grace_from: date | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of several; `terms` are set where it counts from a day of its own."""

    id: str
    words: str
    article: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the law, in our words."""

    id: str
    step: str
    article: str
    ask: str
    help: str
    kind: Kind
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option | None:
        """Return the option of this id."""
        return next((one for one in self.options if one.id == option_id), None)


@dataclass(frozen=True, slots=True)
class Obligation:
    """What somebody in a role owes for a system of a class; "any" stands for each of them."""

    id: str
    article: str
    title: str
    words: str
    roles: tuple[str, ...]
    classes: tuple[str, ...]
    source: str
    verify: bool
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A law: what it asks, and whom it binds to what from when."""

    id: str
    title: str
    sources: Mapping[str, Source]
    questions: tuple[Question, ...]
    dates: Mapping[str, tuple[Term, ...]]
    obligations: tuple[Obligation, ...]

    def question(self, question_id: str) -> Question | None:
        """Return the question of this id."""
        return next((one for one in self.questions if one.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Part:
    """A question or a part of a document of the GDPR."""

    id: str
    article: str
    title: str
    help: str


@dataclass(frozen=True, slots=True)
class Dpia:
    """What decides whether an impact assessment is due, and what it holds."""

    always: tuple[Part, ...]
    criteria: tuple[Part, ...]
    parts: tuple[Part, ...]
    sources: Mapping[str, Source]


def term_said(terms: Sequence[Term], on: date) -> Term | None:
    """Return what the law said of a date on the day `on`: the last that was said by then."""
    said = [one for one in terms if one.said_from <= on]
    return max(said, key=lambda one: one.said_from, default=None)


@cache
def ai_act() -> Act:
    """Return the EU AI Act."""
    read = _read("ai_act.yaml")
    return Act(
        id=read["id"],
        title=read["title"],
        sources=_sources(read["sources"]),
        questions=tuple(_question(one) for one in read["questions"]),
        dates={name: _terms(terms) for name, terms in read["dates"].items()},
        obligations=tuple(_obligation(one) for one in read["obligations"]),
    )


@cache
def gdpr() -> Dpia:
    """Return Article 35 of the GDPR."""
    read = _read("gdpr.yaml")
    return Dpia(
        always=tuple(_part(one, "ask") for one in read["always"]),
        criteria=tuple(_part(one, "ask") for one in read["criteria"]),
        parts=tuple(_part(one, "title") for one in read["parts"]),
        sources=_sources(read["sources"]),
    )


def _read(name: str) -> dict[str, Any]:
    text = resources.files(__name__).joinpath(name).read_text("utf-8")
    return plain(compose(text, name, _FORM))  # type: ignore[return-value]


def _sources(read: Mapping[str, Mapping[str, Any]]) -> dict[str, Source]:
    return {
        key: Source(key, one["title"], one["address"] or "", bool(one.get("verify")))
        for key, one in read.items()
    }


def _terms(read: Sequence[Mapping[str, Any]]) -> tuple[Term, ...]:
    return tuple(_term(one) for one in read)


def _term(read: Mapping[str, Any]) -> Term:
    grace: Mapping[str, str] = read.get("grace", {})
    return Term(
        date.fromisoformat(read["said_from"]),
        date.fromisoformat(read["applies_from"]),
        read["source"],
        bool(read.get("verify")),
        date.fromisoformat(grace["before"]) if grace else None,
        date.fromisoformat(grace["applies_from"]) if grace else None,
    )


def _question(read: Mapping[str, Any]) -> Question:
    options = tuple(
        Option(one["id"], one["words"], one.get("article", ""), _terms(one.get("terms", ())))
        for one in read.get("options", ())
    )
    return Question(
        read["id"],
        read["step"],
        read["article"],
        read["ask"],
        read["help"],
        Kind(read["kind"]),
        options,
    )


def _obligation(read: Mapping[str, Any]) -> Obligation:
    until = read.get("until")
    return Obligation(
        read["id"],
        read["article"],
        read["title"],
        read["words"],
        tuple(read["roles"]),
        tuple(read["classes"]),
        read.get("source", "act"),
        bool(read.get("verify")),
        date.fromisoformat(until) if until else None,
    )


def _part(read: Mapping[str, Any], words: str) -> Part:
    return Part(read["id"], read["article"], read[words], read["help"])
