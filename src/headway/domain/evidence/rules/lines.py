"""Reads push files: JSON Lines, one observation a line, each fault named by its line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from headway.errors import Invalid
from headway.observation import Observation, SubjectRef

#: A line longer than this is not one observation.
LONGEST_LINE = 1_000_000

_KEYS = {"subject", "kind", "source", "observed_at", "valid_until", "project", "payload"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the command line or the URL says for lines that do not say it themselves."""

    subject: str = ""
    kind: str = ""
    source: str = ""
    project: str = ""
    at: datetime | None = None


def read_lines(text: str, defaults: Defaults) -> Iterator[tuple[int, Observation | Refusal]]:
    """Yield (line number, Observation or Refusal) for every line that is not blank.

    A line is either a whole observation, or, when the defaults name kind and subject, a payload.
    """
    # Not splitlines(): U+2028 and its like may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, read_observation(_json_object(line), defaults)
        except Invalid as error:
            yield number, Refusal(number, str(error))


def _json_object(line: str) -> Mapping[str, object]:
    if len(line) > LONGEST_LINE:
        sentence = f"The line has {len(line):,} characters; at most {LONGEST_LINE:,} are read."
        raise Invalid(sentence)
    try:
        value = json.loads(
            line, parse_constant=_refuse_constant, object_pairs_hook=_object_of_unique_keys
        )
    except (ValueError, RecursionError) as error:
        sentence = f"The line is not JSON ({error}); write one object a line."
        raise Invalid(sentence) from None
    if not isinstance(value, dict):
        sentence = f"The line holds a {type(value).__name__}; write one JSON object a line."
        raise Invalid(sentence)
    return value


def _refuse_constant(name: str) -> float:
    sentence = f"{name} is not a value; write null for no value"
    raise ValueError(sentence)


def _object_of_unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object; a key given twice is two answers to one question, and refused."""
    value = dict(pairs)
    if len(value) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        sentence = f"the key {twice[:60]!r} is given twice"
        raise ValueError(sentence)
    return value


def read_observation(value: Mapping[str, object], defaults: Defaults) -> Observation:
    """Return the observation in one JSON object. Raises Invalid naming the key."""
    if "payload" not in value and defaults.kind and defaults.subject:
        value = {"payload": value}
    unknown = sorted(set(value) - _KEYS)
    if unknown:
        sentence = (
            f"Unknown key {unknown[0][:60]!r}; an observation has {', '.join(sorted(_KEYS))}."
        )
        raise Invalid(sentence)
    payload = value.get("payload")
    if not isinstance(payload, dict):
        sentence = "The key 'payload' must hold a JSON object; it holds none."
        raise Invalid(sentence)
    return Observation(
        subject=SubjectRef.parse(_word(value, "subject", defaults.subject)),
        kind=_word(value, "kind", defaults.kind),
        source=_word(value, "source", defaults.source or "push"),
        observed_at=_moment(value, "observed_at", defaults.at),
        valid_until=_moment(value, "valid_until", None) if value.get("valid_until") else None,
        project=_word(value, "project", defaults.project, required=False) or None,
        payload=payload,
    )


def _word(value: Mapping[str, object], key: str, default: str, *, required: bool = True) -> str:
    word = value.get(key) or default
    if not isinstance(word, str) or (required and not word.strip()) or len(word) > 600:
        sentence = f"The key '{key}' must be a text; it is {_shown(word)}."
        raise Invalid(sentence)
    return word.strip()


def _moment(value: Mapping[str, object], key: str, default: datetime | None) -> datetime:
    text = value.get(key)
    if text is None and default is not None:
        return default
    if not isinstance(text, str):
        sentence = (
            f"The key '{key}' must be a time such as 2026-11-23T09:00:00Z; it is {_shown(text)}."
        )
        raise Invalid(sentence)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        sentence = f"'{key}' is {_shown(text)}, which is not a time; write 2026-11-23T09:00:00Z."
        raise Invalid(sentence) from None
    if moment.tzinfo is None:
        sentence = f"'{key}' is {_shown(text)}, which has no zone; add Z or an offset."
        raise Invalid(sentence)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        sentence = f"'{key}' is {_shown(text)}, which lies outside the years 1 to 9999."
        raise Invalid(sentence) from None


def _shown(value: object) -> str:
    """Return `value` as a message may quote it."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
