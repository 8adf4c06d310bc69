"""What is held to a pack, and what may be said of its controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.compliance.rules.packs.reading import URL
from headway.domain.programs.rules.fields import Reader, choice, clean, day, text
from headway.errors import Invalid

#: What a pack is assigned to.
SCOPES = ("system", "program", "workspace")

WAYS: Mapping[str, str] = {
    "as_asked": "It applies, and is answered as the framework asks",
    "by_attestation": "It applies, and a person answers for it instead of evidence",
    "not_applicable": "It does not apply",
}
ANSWERS = ("met", "partly", "unmet")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is held to a pack: a system, a program or the workspace, with its address and name."""

    kind: str
    slug: str
    name: str

    @property
    def subject(self) -> str:
        """Return what an attestation for it is about."""
        return f"{self.kind}:{self.slug}"


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """Something is held to a pack."""

    id: UUID
    workspace_id: UUID
    pack: str
    scope: Scope
    owner: str
    assigned_by: str
    assigned_at: datetime
    is_ended: bool
    version: int


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A policy with the number of its newest version."""

    id: UUID
    workspace_id: UUID
    key: str
    title: str
    owner: str
    version: int
    newest: int


@dataclass(frozen=True, slots=True)
class PolicyVersionFacts:
    """One version of a policy, as it was written."""

    key: str
    number: int
    pack: str
    text: str
    digest: str
    effective_from: date
    author: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """What a person answers for: the answer, as whom, and where and when it was done."""

    answer: str
    role: str
    statement: str
    link: str
    done_on: date | None


def read_way(values: Mapping[str, object]) -> tuple[str, str]:
    """Return how a control is answered, and why: `way` of WAYS, `reason`.

    Raises Invalid without a reason where one is owed.
    """
    given = clean(values, {"way": choice(*WAYS), "reason": text(2_000)})
    way, reason = str(given.get("way", "as_asked")), str(given.get("reason", ""))
    if way != "as_asked" and not reason:
        sentence = "Say why: whoever reads the statement of applicability will ask."
        raise Invalid(sentence)
    return way, reason


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """The next version of a policy: its file, the day from which it holds, why, and whose it is."""

    text: str
    effective_from: date
    reason: str = ""
    owner: str = ""


_WORD: Mapping[str, Reader] = {
    "answer": choice(*ANSWERS),
    "role": text(100, required=True),
    "statement": text(2_000),
    "link": text(300),
    "done_on": day,
}


def read_word(values: Mapping[str, object], today: date) -> Word:
    """Return an attestation. "met" needs a link and a day; no day lies in the future."""
    given = clean(dict.fromkeys(_WORD, "") | dict(values), _WORD)
    word = Word(**given)  # type: ignore[arg-type]
    if word.link and not URL.fullmatch(word.link):
        sentence = f"The link {word.link[:60]!r} is not an https address."
        raise Invalid(sentence)
    if word.done_on is not None and word.done_on > today:
        sentence = f"It was done on {word.done_on}, which lies ahead; attest it then."
        raise Invalid(sentence)
    if word.answer == "met" and not (word.link and word.done_on):
        sentence = "Whoever answers “met” says where it is written down and when it was done."
        raise Invalid(sentence)
    return word
