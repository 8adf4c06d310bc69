"""What evidence tells of a scope: the records that count, the newest versions, who ever spoke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from headway.domain.assessments.rules.project import in_order
from headway.domain.compliance.rules.packs.asking import ASKABLE

#: A subject's name, and the fields that tell its series of records apart.
Series = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Proof:
    """One record as the rule sees it; `subject` is `kind:name@version`."""

    record: int
    subject: str
    kind: str
    values: Mapping[str, Any]
    observed_at: datetime
    valid_until: datetime | None = None

    @property
    def name(self) -> str:
        """Return the subject without its version."""
        return self.subject.partition("@")[0]

    @property
    def series(self) -> Series:
        """Return what tells this record's series apart."""
        fields = ASKABLE[self.kind].series
        return (self.name, tuple(text_of(self.values.get(one)) for one in fields))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a scope at a moment.

    `versions` are the newest versions by name ("model:x" → "model:x@2"), of models and datasets;
    `heard` is all that ever spoke: a series that fell silent since is missing.
    """

    proofs: Sequence[Proof] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    heard: Sequence[Proof] = ()

    @classmethod
    def of(cls, proofs: Iterable[Proof], subjects: Iterable[str]) -> Known:
        """Return what `proofs` tell, of `subjects` in the order they were first heard of."""
        texts: dict[str, list[str]] = {}
        for text in subjects:
            texts.setdefault(text.partition("@")[0], []).append(text)
        versions = {name: _newest(name, mine) for name, mine in texts.items()}
        counted = tuple(one for one in proofs if _counts(one, versions))
        return cls(counted, versions, counted)


def _newest(name: str, texts: Sequence[str]) -> str:
    """Return the newest version of what goes by `name`; itself where it has none."""
    versions = in_order([text for text in texts if text != name])
    return versions[-1] if versions else name


def _counts(proof: Proof, versions: Mapping[str, str]) -> bool:
    """Say whether a record speaks of what is newest: a version inherits no older one's evidence."""
    newest = versions.get(proof.name)
    return newest is None or "@" not in proof.subject or proof.subject == newest


def text_of(value: object) -> str:
    """Return a value as a pack writes it: nothing is empty, truth is true or false."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
