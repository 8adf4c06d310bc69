"""What a gate may ask: small typed records that a person edits in a form or a file.

No expression language: a term asks one thing of one kind of evidence, and terms are joined by all,
any, not, and at least k. What a gate fills in stands in braces: {model}, {version}, {system},
{project}, {release}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

Scalar = float | str | bool


class Reducer(StrEnum):
    """What of several records speaks: reduce first, then judge age."""

    LATEST = "latest"
    WORST = "worst"
    BY_SEGMENT = "by_segment"
    COUNT = "count"


class Comparison(StrEnum):
    """How the value is held against the bound."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUALS = "equals"
    IN = "in"
    IS = "is"


class Binding(StrEnum):
    """What evidence has to name to count: this version, today's data, the version's commit."""

    VERSION = "version"
    DATASET = "dataset"
    COMMIT = "commit"


class Joint(StrEnum):
    """How terms are joined."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Term:
    """One question to one kind of evidence.

    `about` are subjects (`model:{model}@{version}`, `dataset:*` each that is known, `model:x@*`
    the newest version that was heard of); of several, those that were heard must all hold. `where`
    picks among the records by their fields, `field` is what is compared. `expected` names the
    members (checks, segments) that have to be there: one that is not is missing. `role` is the
    function that approved or the role that attested. `fresh_days` is how long evidence counts.
    """

    evidence: str
    about: tuple[str, ...]
    field: str
    compare: Comparison
    bound: Scalar | tuple[Scalar, ...]
    where: tuple[tuple[str, Scalar], ...] = ()
    reduce: Reducer = Reducer.LATEST
    fresh_days: float | None = None
    bind: tuple[Binding, ...] = ()
    may_be_estimated: bool = False
    minimum_n: int | None = None
    role: str = ""
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """An assessment that Headway works out anyway: success criteria, a dimension, monitors."""

    name: str


@dataclass(frozen=True, slots=True)
class Soak:
    """So many days in an environment, covered by evidence without a gap; the one use of time.

    It begins when the bound version was deployed at `about` (`deployment:model/environment`) with
    one of `statuses`. `cover` asks what has to hold all that while, at least every `gap_days`.
    """

    about: str
    days: float
    cover: Term
    statuses: tuple[str, ...] = ("live", "canary", "rolling_out")
    gap_days: float = 2.0


@dataclass(frozen=True, slots=True)
class Joined:
    """Terms joined: all, any, not (one part), at least `least` of them."""

    how: Joint
    parts: tuple[Tree, ...]
    least: int = 0


Tree = Term | Given | Soak | Joined

#: What a gate fills in.
PLACEHOLDERS = ("model", "version", "system", "project", "release")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def leaves(tree: Tree) -> Iterator[Term | Given | Soak]:
    """Yield the terms of a tree, from left to right; a soak's cover with it."""
    match tree:
        case Joined():
            for part in tree.parts:
                yield from leaves(part)
        case Soak():
            yield tree
            yield tree.cover
        case _:
            yield tree


def filled(tree: Tree, words: Mapping[str, str]) -> Tree:
    """Return the tree with what stands in braces filled in; what is not known stays in braces."""
    match tree:
        case Joined():
            return replace(tree, parts=tuple(filled(part, words) for part in tree.parts))
        case Soak():
            cover = filled_term(tree.cover, words)
            return replace(tree, about=_filled(tree.about, words), cover=cover)
        case Given():
            return Given(_filled(tree.name, words))
        case Term():
            return filled_term(tree, words)


def filled_term(term: Term, words: Mapping[str, str]) -> Term:
    """Return one term with what stands in braces filled in."""
    where = tuple(
        (key, _filled(value, words) if isinstance(value, str) else value)
        for key, value in term.where
    )
    about = tuple(_filled(text, words) for text in term.about)
    return replace(term, about=about, where=where)


def unfilled(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the placeholders that nothing filled."""
    return tuple(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))


def _filled(text: str, words: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: words.get(found[1]) or found[0], text)
