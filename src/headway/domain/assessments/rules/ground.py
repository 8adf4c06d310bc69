"""What a term is judged on: facts read out of records, what is known to exist, what is bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property

from headway.domain.assessments.rules.terms import PLACEHOLDER
from headway.domain.assessments.rules.verdicts import Assessment
from headway.observation import SubjectRef

#: What of a record tells it from others of its kind about the same subject.
_MEMBER: Mapping[str, tuple[str, ...]] = {
    "evaluation": ("metric", "segment", "dataset", "split"),
    "check": ("check",),
    "audit": ("id",),
    "approval": ("function",),
    "attestation": ("item", "role"),
    "drill": ("drill", "environment"),
    "card": ("card",),
}

#: What names a record among the many of its subject and kind.
NAMES: Mapping[str, str] = {"evaluation": "metric", "check": "check", "kpi": "kpi"}

#: How a monitor stands over its runs, as an answer to "passed".
_STANDING: Mapping[object, bool | None] = {"met": True, "unmet": False, "insufficient": None}


@dataclass(frozen=True, slots=True)
class Fact:
    """A record as a term sees it, or one member of it: a segment, a check of an audit."""

    record: int
    subject: str
    kind: str
    observed_at: datetime
    values: Mapping[str, object]
    valid_until: datetime | None = None

    @property
    def member(self) -> tuple[object, ...]:
        """Return what tells it from the others of its subject and kind."""
        return tuple(self.values.get(key) for key in _MEMBER.get(self.kind, ()))


@dataclass(frozen=True, slots=True)
class Pinned:
    """A digest or a commit that evidence has to name, and the records that say so. None: silent."""

    text: str | None
    records: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ground:
    """Everything a rule may look at.

    `known` maps `kind:name` to its subjects, oldest first: they stay known when their evidence
    falls silent, which is how silence is noticed. `heard` says which kinds were ever heard of a
    subject. `version` is the judged one; `digests` are the newest by dataset name, `commit` that of
    the version. `given` holds what Headway works out anyway.
    """

    facts: Sequence[Fact] = ()
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    heard: frozenset[tuple[str, str]] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, Pinned] = field(default_factory=dict)
    commit: Pinned = Pinned(None)
    given: Mapping[str, Assessment] = field(default_factory=dict)

    @cached_property
    def _shelf(self) -> Mapping[tuple[str, str], Sequence[Fact]]:
        shelf: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.facts:
            shelf.setdefault((fact.subject, fact.kind), []).append(fact)
        return shelf

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str, object], Sequence[Fact]]:
        shelf: dict[tuple[str, str, object], list[Fact]] = {}
        for fact in self.facts:
            if fact.kind in NAMES:
                name = fact.values.get(NAMES[fact.kind])
                shelf.setdefault((fact.subject, fact.kind, name), []).append(fact)
        return shelf

    @cached_property
    def _heard(self) -> frozenset[tuple[str, str]]:
        return self.heard | frozenset(self._shelf)

    @property
    def version(self) -> str:
        """Return the judged version as a subject; empty when none is known."""
        model, version = self.words.get("model"), self.words.get("version")
        return f"model:{model}@{version}" if model and version else ""

    def of(self, subject: str, kind: str, name: object = None) -> Sequence[Fact]:
        """Return the facts of a kind about a subject; with a name, of that metric or check."""
        if name is None or kind not in NAMES:
            return self._shelf.get((subject, kind), ())
        return self._by_name.get((subject, kind, name), ())

    def subjects(self, about: Sequence[str], kind: str) -> Sequence[str]:
        """Return the subjects that have to speak.

        A pattern stands for every name that is known, a name for its newest version. Of several,
        those that were heard of this kind: one that fell silent is still among them.
        """
        filled = [text for text in about if not PLACEHOLDER.search(text)]
        found = list(dict.fromkeys(one for text in filled for one in self._named(text, kind)))
        if len(about) == 1:
            return found
        return [one for one in found if (one, kind) in self._heard]

    def _named(self, text: str, kind: str) -> Iterator[str]:
        name, at, version = text.partition("@")
        if version == "*":
            heard = [one for one in self._versions(name) if (one, kind) in self._heard]
            yield from heard[-1:]
        elif "*" in name:
            for known in sorted(self.known):
                if fnmatchcase(known, name):
                    yield from self._versions(known)[-1:]
        elif at:
            yield text
        else:
            yield (self._versions(name) or [name])[-1]

    def _versions(self, name: str) -> Sequence[str]:
        """Return what is known by a name: without a version first, then oldest first."""
        known = self.known.get(name, ())
        plain = [one for one in known if "@" not in one]
        return [*plain, *(one for one in known if "@" in one)]


def facts_in(
    record: int,
    subject: str,
    kind: str,
    payload: Mapping[str, object],
    moments: tuple[datetime, datetime | None],
) -> Iterator[Fact]:
    """Yield what a record says; `moments` are when it was observed and until when it is valid."""
    for values in _members(kind, payload):
        yield Fact(record, subject, kind, moments[0], values, moments[1])


def _members(kind: str, payload: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    match kind:
        case "evaluation":
            whole = {key: value for key, value in payload.items() if key != "segments"}
            yield {**whole, "segment": ""}
            for part in _rows(payload.get("segments")):
                yield {**whole, **part}
        case "audit":
            commit = payload.get("commit")
            yield {**payload, "id": ""}
            for part in _rows(payload.get("checks")):
                yield {**part, "commit": commit}
        case "check" if "standing" in payload:
            yield {**payload, "passed": _STANDING.get(payload["standing"])}
        case _:
            yield payload


def _rows(value: object) -> Iterator[Mapping[str, object]]:
    for row in value if isinstance(value, list) else ():
        if isinstance(row, dict):
            yield row


def named_version(fact: Fact) -> str:
    """Return which version of a model a fact speaks of, as a subject; empty when it names none."""
    ref = SubjectRef.parse(fact.subject)
    if ref.kind == "model":
        return str(ref)
    produced = fact.values.get("produced")
    if isinstance(produced, str) and produced.startswith("model:"):
        return produced
    model, version = fact.values.get("model"), fact.values.get("version")
    return f"model:{model}@{version}" if model and version else ""


def named_dataset(fact: Fact) -> str:
    """Return the name of the dataset a fact speaks of; empty when it names none."""
    ref = SubjectRef.parse(fact.subject)
    return ref.name if ref.kind == "dataset" else str(fact.values.get("dataset") or "")
