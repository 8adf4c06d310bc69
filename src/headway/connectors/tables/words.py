"""What the columns and states of common tools are called; the names stand in words.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from headway.connectors.work import Progress


class Field(StrEnum):
    """What a column may hold of an item of work."""

    KEY = "key"
    NAME = "name"
    STATUS = "status"
    DONE = "done"  #: percent complete
    ESTIMATE = "estimate"
    LOW = "low"
    HIGH = "high"
    POINTS = "points"
    START = "start"
    DUE = "due"
    CREATED = "created"
    STARTED = "started"
    FINISHED = "finished"
    BEFORE = "before"  #: what must come first
    AFTER = "after"  #: what waits for this
    PARENT = "parent"
    LEVEL = "level"
    KIND = "kind"
    ASSIGNEE = "assignee"


_BRACKETS = re.compile(
    r"^(?:custom field|benutzerdefiniertes feld|champ personnalise|campo personalizado)"
)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return `text` as names are compared: lower case, without accents, single spaces."""
    cut = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    bare = "".join(one for one in cut if not unicodedata.combining(one))
    # Composed again: Hangul and kana fall apart under decomposition.
    return " ".join(unicodedata.normalize("NFKC", bare).replace("_", " ").strip(" :*").split())


_TABLE = tomllib.loads((resources.files(__package__) / "words.toml").read_text(encoding="utf-8"))
_FIELDS = {
    name: Field(field) for field, names in _TABLE["fields"].items() for name in reversed(names)
}
_RANK = {name: place for names in _TABLE["fields"].values() for place, name in enumerate(names)}
_PROGRESS = {word: Progress(state) for state, words in _TABLE["states"].items() for word in words}
_MILESTONES = frozenset(_TABLE["kinds"]["milestone"])
_MILESTONE_NAMES, _HEADING_NAMES = (
    frozenset(map(plain, _TABLE["names"][kind])) for kind in ("milestone", "heading")
)
_INWARD = (
    "inward",
    "eingehend",
    "entrant",
    "entrante",
    "in ingresso",
    "inkomend",
    "входящ",
    "内向き",
    "入站",
)
_OUTWARD = (
    "outward",
    "ausgehend",
    "sortant",
    "saliente",
    "in uscita",
    "uitgaand",
    "исходящ",
    "外向き",
    "出站",
)


def field_of(heading: str) -> Field | None:
    """Return what a heading names, None for what is not ours to know."""
    name = plain(heading)
    if name in _FIELDS:
        return _FIELDS[name]
    linked = _link(name)
    if linked:
        return linked
    inner = re.search(r"\((.+)\)$", name)
    if inner and _BRACKETS.match(name):
        return _FIELDS.get(inner[1])
    last = re.findall(r"[^\W\d]+", name)[-1:]  # "Effort (days) max", "Estimate (low)"
    if last and _FIELDS.get(last[0]) in (Field.LOW, Field.HIGH) or last == ["likely"]:
        return _FIELDS[last[0]]
    bare = re.sub(r"\s*[(\[].*?[)\]]$", "", name)
    return _FIELDS.get(bare) if bare != name and not name.startswith("custom field") else None


def _link(name: str) -> Field | None:
    """Read Jira's "Outward issue link (Blocks)": only links of blocking order work in time."""
    if not re.search(r"\((blocks|blockiert|blocker|depend.*|gantt.*)\)", name):
        return None
    if any(word in name for word in _INWARD):
        return Field.BEFORE
    return Field.AFTER if any(word in name for word in _OUTWARD) else None


def rank_of(heading: str) -> int:
    """Return how good a name of its field the heading is: 0 is best."""
    return _RANK.get(plain(heading), 50)


def progress_of(word: str) -> Progress | None:
    """Return what a state's name says, None for a team's own words."""
    return _PROGRESS.get(plain(word))


def names_milestone(name: str) -> bool:
    """Say whether a name begins by calling the item a milestone: "Milestone 1: pilot approved"."""
    return _begins_with(name, _MILESTONE_NAMES)


def names_heading(name: str) -> bool:
    """Say whether a name begins as headings do: "Phase 2: vendors", "Woche 3"."""
    return _begins_with(name, _HEADING_NAMES)


def _begins_with(name: str, words: frozenset[str]) -> bool:
    first = re.match(r"[^\W\d]+", name)
    return first is not None and plain(first.group()) in words


def says_milestone(word: str) -> bool:
    """Say whether a cell of the kind or milestone column calls the item a milestone."""
    return plain(word) in _MILESTONES
