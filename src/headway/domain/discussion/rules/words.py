"""The words of a comment: plain text, in which addresses open and people are named by @.

There is no markup: a comment is cut into parts, and each part is text. What draws it escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, text
from headway.errors import Invalid

LONGEST_COMMENT = 5_000
#: People that one comment may call: more is a mailing list.
MOST_MENTIONS = 20

COMMENT_FIELDS: Mapping[str, Reader] = {"text": text(LONGEST_COMMENT, required=True)}

#: An address, or a name behind an @ that is not inside a word (so that no mail address is one).
_TOKEN = re.compile(
    r"""(?P<href>https?://[^\s<>"'`{}|\\^]+)|(?<![\w@./:-])@(?P<handle>\w(?:[\w.-]*\w)?)""", re.I
)
_AFTER = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a comment. `member` is who is told; None when they cannot sign in."""

    handle: str
    name: str
    member: UUID | None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a comment: plain text, or an address to open, or the name of a person."""

    text: str
    href: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """A comment. One that was deleted has no text; that it stood there stays to be seen."""

    id: UUID
    about: str
    author: str
    member: UUID | None
    at: datetime
    text: str
    mentions: Sequence[Mention]
    edited_at: datetime | None
    deleted_at: datetime | None
    deleted_by: str
    version: int

    @property
    def parts(self) -> Sequence[Part]:
        """Return the text in parts."""
        return parts_of(self.text, {one.handle: one.name for one in self.mentions})


def handles_in(words: str) -> Sequence[str]:
    """Return the names behind an @, small letters, each once, in order. Invalid beyond twenty."""
    found = [match["handle"].lower() for match in _TOKEN.finditer(words) if match["handle"]]
    handles = list(dict.fromkeys(found))
    if len(handles) > MOST_MENTIONS:
        sentence = f"The comment calls {len(handles)} people; at most {MOST_MENTIONS} fit one."
        raise Invalid(sentence)
    return handles


def parts_of(words: str, names: Mapping[str, str]) -> Sequence[Part]:
    """Cut `words` into parts; put together again their texts are `words`.

    `names` gives the display name of each handle that was known when it was written.
    """
    parts: list[Part] = []
    done = 0
    for match in _TOKEN.finditer(words):
        part = _person(match["handle"], names) if match["handle"] else _address(match["href"])
        if part is None:
            continue
        _add(parts, words[done : match.start()])
        parts.append(part)
        done = match.start() + len(part.text)
    _add(parts, words[done:])
    return parts


def _add(parts: list[Part], words: str) -> None:
    if words:
        parts.append(Part(words))


def _person(handle: str, names: Mapping[str, str]) -> Part | None:
    name = names.get(handle.lower())
    return None if name is None else Part(f"@{handle}", person=name)


def _address(found: str) -> Part | None:
    """Return the address without the sentence's own signs behind it; None when it is none.

    One with a name before its host is left as text: `https://bank.example@evil.example` lies.
    """
    href = found.rstrip(_AFTER)
    for opened, closed in ("()", "[]"):
        while href.endswith(closed) and href.count(closed) > href.count(opened):
            href = href[:-1].rstrip(_AFTER)
    return Part(href, href=href) if is_address(href, "http", "https") else None


def is_address(href: str, *schemes: str) -> bool:
    """Say whether `href` is a whole address of one of `schemes`, with a host and no user in it."""
    try:
        found = urlsplit(href)
        _ = found.port
    except ValueError:
        return False
    return found.scheme.lower() in schemes and bool(found.hostname) and "@" not in found.netloc
