"""Where a subject belongs: what says so, who wins, and which of several rules.

    tag     the run or model version itself says `headway.project`: it always wins
    person  somebody placed this one subject by hand
    push    the pushed line named a project
    rule    "counts for X" or "scratch", said once of everything like it
    source  the mapping of its connection (a project for the whole server, or by experiment)

Of the rules that fit, the one that asks most wins: more conditions before fewer, then whole names
before patterns, then the longer text; of equal ones the lower `order`, then the older.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from uuid import UUID

from headway.observation import canonical, digest

#: The tag by which a run or a model version says where it belongs.
PROJECT_TAG = "headway.project"

#: An `order` that was not chosen.
NO_ORDER = 0

_WILD = re.compile(r"[*?\[]")
#: Signs that a pattern would read otherwise, and blanks at an end, which a form would cut off.
_ODD = re.compile(r"[*?\[]|^ | $")
_ESCAPED = re.compile(r"\[([*?\[ ])\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class PlacedBy(StrEnum):
    """Who said where a subject belongs, the strongest first; NOBODY: it waits in the inbox."""

    TAG = "tag"
    PERSON = "person"
    PUSH = "push"
    RULE = "rule"
    SOURCE = "source"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a subject tells of itself. `thing` is `kind:name`, an alias counting to its model."""

    source: str
    thing: str
    is_run: bool = False
    group: str = ""
    name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks; texts are patterns of whole names, an empty one asks nothing."""

    source: str = ""
    group: str = ""
    name: str = ""
    tag: str = ""
    tag_value: str = ""
    subject: str = ""

    @property
    def key(self) -> str:
        """Return twelve signs that are the same for the same condition."""
        return digest(canonical([getattr(self, one.name) for one in fields(self)]))[:12]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Return how much it asks: conditions, whole names among them, letters of text."""
        asked = [self.source, self.group, self.name, self.subject]
        asked += [self.tag_value or "*"] if self.tag else []
        texts = [text for text in asked if text]
        letters = sum(len(plain_of(text)) for text in texts) + len(self.tag)
        return len(texts), sum(is_whole(text) for text in texts), letters

    @property
    def words(self) -> str:
        """Return the condition as a person says it: "run group ‘fraud-*’ and tag team ‘risk’"."""
        what = " and ".join(self._parts())
        where = f"from {said(self.source)}" if self.source else ""
        return " ".join(filter(None, (what or "everything", where)))

    def _parts(self) -> Iterator[str]:
        if self.group:
            yield f"run group ‘{said(self.group)}’"
        if self.name:
            yield f"name ‘{said(self.name)}’"
        if self.tag:
            yield f"tag {self.tag} ‘{said(self.tag_value or '*')}’"
        if self.subject == "run:*":
            yield "any run"
        elif self.subject:
            yield f"subject ‘{said(self.subject)}’"


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule: its condition, and what it says of what fits. `project` is an address."""

    id: UUID
    workspace_id: UUID
    key: str
    condition: Condition
    project_id: UUID | None
    project: str
    is_scratch: bool
    order: int
    reason: str
    author: str
    made_at: datetime
    version: int

    @property
    def verdict(self) -> str:
        """Return what it says: "counts for fraud", or "scratch"."""
        return "scratch" if self.is_scratch else f"counts for {self.project}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a subject stands before a decision. `claim` is a project that exists, or nothing."""

    project_id: UUID | None
    is_scratch: bool
    placed_by: str
    claim: UUID | None = None
    claim_by: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a subject belongs, who said so, and by which rule."""

    project_id: UUID | None = None
    is_scratch: bool = False
    placed_by: str = PlacedBy.NOBODY
    rule_id: UUID | None = None


def as_pattern(name: str) -> str:
    """Return the pattern that `name` itself fits, and nothing else that is likely."""
    escaped = _ODD.sub(lambda sign: f"[{sign[0]}]", name)
    return _CONTROL.sub("?", escaped)


def said(pattern: str) -> str:
    """Return a pattern as people read it: escaped signs as themselves."""
    return _ESCAPED.sub(r"\1", pattern)


def is_whole(pattern: str) -> bool:
    """Say whether only one name fits the pattern."""
    return not _WILD.search(_ESCAPED.sub("", pattern))


def plain_of(pattern: str) -> str:
    """Return the letters of a pattern without its wildcards."""
    return re.sub(r"[*?]|\[[^\]]*\]", "", said(pattern) if is_whole(pattern) else pattern)


def prefix_of(pattern: str) -> str:
    """Return the text with which every name that fits must begin."""
    return _WILD.split(pattern, maxsplit=1)[0]


def fits(condition: Condition, told: Told) -> bool:
    """Say whether a subject is one that the condition asks for. Case counts."""
    asks_of_runs = condition.group or condition.name or condition.tag
    if asks_of_runs and not told.is_run:
        return False
    pairs = (
        (condition.group, told.group),
        (condition.name, told.name),
        (condition.source, told.source),
        (condition.subject, told.thing),
    )
    if not all(not pattern or _same(name, pattern) for pattern, name in pairs):
        return False
    if not condition.tag:
        return True
    value = told.tags.get(condition.tag)
    return value is not None and _same(value, condition.tag_value or "*")


def _same(name: str, pattern: str) -> bool:
    return name == pattern or fnmatchcase(name, pattern)


def in_force(rules: Sequence[RuleFacts]) -> list[RuleFacts]:
    """Return the rules in the order in which they win."""
    return sorted(rules, key=_precedence)


def _precedence(rule: RuleFacts) -> tuple[int, int, int, int, datetime, str]:
    conditions, whole, letters = rule.condition.weight
    return (-conditions, -whole, -letters, rule.order, rule.made_at, rule.key)


def decide(standing: Standing, told: Told | None, rules: Sequence[RuleFacts]) -> Decision:
    """Return where a subject belongs; `rules` come in the order in which they win."""
    if standing.claim is not None and standing.claim_by == PlacedBy.TAG:
        return Decision(standing.claim, placed_by=PlacedBy.TAG)
    if standing.placed_by == PlacedBy.PERSON and (standing.project_id or standing.is_scratch):
        return Decision(standing.project_id, standing.is_scratch, PlacedBy.PERSON)
    if standing.claim is not None and standing.claim_by == PlacedBy.PUSH:
        return Decision(standing.claim, placed_by=PlacedBy.PUSH)
    won = next((rule for rule in rules if told and fits(rule.condition, told)), None)
    if won is not None:
        return Decision(won.project_id, won.is_scratch, PlacedBy.RULE, won.id)
    if standing.claim is not None:
        return Decision(standing.claim, placed_by=PlacedBy.SOURCE)
    return Decision()


def own_tags(tags: Mapping[str, object]) -> dict[str, str]:
    """Return the tags that people set: neither the tracker's own nor those that speak to us."""
    return {
        key: str(value)
        for key, value in sorted(tags.items())
        if not key.startswith(("mlflow.", "headway."))
    }


def tag_in(payload: Mapping[str, object]) -> str:
    """Return the project that a payload's own tag names, or nothing."""
    tags = payload.get("tags")
    named = tags.get(PROJECT_TAG) if isinstance(tags, Mapping) else None
    return str(named or "").strip()[:600]
