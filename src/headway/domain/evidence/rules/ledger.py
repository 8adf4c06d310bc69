"""What a record is made of: the checked draft, its canonical text, and when two are the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from headway.domain.evidence.rules.kinds import STATE_KINDS, read_payload, state_of
from headway.domain.evidence.rules.placing import tag_in
from headway.errors import Invalid
from headway.observation import Observation, SubjectRef, canonical, digest

#: A payload longer than this belongs in a file; the record then holds its digest and totals.
LONGEST_PAYLOAD = 1_000_000

#: The kinds whose payload holds the tags of what they are about.
TAGGED_KINDS = ("run", "model_version")

#: The name of a source is part of what makes evidence the same: longer ones are not cut.
LONGEST_SOURCE = 200

#: A NUL in canonical JSON: \\u0000 whose backslash is not itself escaped.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Draft:
    """An observation that passed its checks and may enter the ledger. `payload` is canonical."""

    line: int
    subject: str
    ref: SubjectRef
    kind: str
    source: str
    observed_at: datetime
    valid_until: datetime | None
    project: str | None
    payload: str
    payload_digest: str
    tag: str = ""  # the project that the subject's own tag names

    @property
    def is_state(self) -> bool:
        """Say whether it tells how its subject stands, tags and all."""
        return self.kind in TAGGED_KINDS


def draft(observation: Observation, line: int) -> Draft:
    """Check `observation` and return its draft. Raises Invalid with the reason."""
    names = (observation.kind, str(observation.subject), observation.source, observation.project)
    for name in names:
        _check_name(name or "")
    content = read_payload(observation.kind, observation.payload)
    payload = canonical(content)
    if _NUL.search(payload):
        sentence = "The payload holds a NUL character, which no database keeps; leave it out."
        raise Invalid(sentence)
    if len(payload) > LONGEST_PAYLOAD:
        sentence = (
            f"The payload has {len(payload):,} characters; at most {LONGEST_PAYLOAD:,} are kept. "
            "Keep the data in a file and record its digest and totals."
        )
        raise Invalid(sentence)
    if len(observation.source) > LONGEST_SOURCE:
        sentence = (
            f"The source {observation.source[:40]!r}… has {len(observation.source)} characters; "
            f"at most {LONGEST_SOURCE} are kept."
        )
        raise Invalid(sentence)
    until = observation.valid_until
    if until is not None and until < observation.observed_at:
        sentence = "'valid_until' lies before 'observed_at'; evidence cannot expire before it is."
        raise Invalid(sentence)
    return Draft(
        line=line,
        subject=str(observation.subject),
        ref=observation.subject,
        kind=observation.kind,
        source=observation.source,
        observed_at=observation.observed_at,
        valid_until=until,
        project=observation.project,
        payload=payload,
        payload_digest=digest(payload),
        tag=tag_in(content) if observation.kind in TAGGED_KINDS else "",
    )


def _check_name(name: str) -> None:
    """Raise Invalid when `name` cannot be stored as it is."""
    if "\0" in name or not name.isascii() and _is_half_a_character(name):
        sentence = f"The name {ascii(name[:60])} holds a character that no text may hold."
        raise Invalid(sentence)


def _is_half_a_character(name: str) -> bool:
    """Say whether `name` holds a lone surrogate, which has no UTF-8."""
    return any("\ud800" <= letter <= "\udfff" for letter in name)


def same_state(item: Draft, standing: str) -> bool:
    """Say whether a state kind's `item` says what the `standing` payload says already."""
    if item.kind not in STATE_KINDS:
        return False
    ours, theirs = json.loads(item.payload), json.loads(standing)
    return bool(state_of(item.kind, ours) == state_of(item.kind, theirs))


def record_text(item: Draft, sequence: int, at: datetime) -> str:
    """Return the canonical text that is sealed into the chain: every column of the record."""
    return sealed_text(
        {
            "sequence": sequence,
            "subject": item.subject,
            "kind": item.kind,
            "source": item.source,
            "observed_at": item.observed_at,
            "recorded_at": at,
            "valid_until": item.valid_until,
            "payload": item.payload_digest,
        }
    )


def sealed_text(columns: dict[str, object]) -> str:
    """Return the canonical text of a record's columns; `payload` is the payload's digest."""
    return canonical(columns)
