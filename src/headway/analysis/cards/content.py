"""What a piece of a card really says: text without template, placeholders and repeated headings.

A statement is *unknown* or *not applicable* where it says so; each may come with a reason or bare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from headway.analysis.cards.meaning import words_of

#: Characters of a piece of text that a message shows.
_SHOWN = 60

_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^()\s]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_RULE = re.compile(r"[\s|:=_*+~-]+")
_BULLET = re.compile(r"^(?:[-*+>]+|\d{1,3}[.)])\s+")
_LABEL = re.compile(
    r"^(?:(?:\*\*|__)([^*_]{1,120}?):?(?:\*\*|__)\s?:?|[*_]([^*_]{1,120}?)(?::[*_]|[*_]:))"
)
_WORD = re.compile(r"[^\W_]+(?:['’.,%-][^\W_]+)*", re.UNICODE)
#: Signs of Chinese, Japanese and Korean, which are written without spaces or nearly so.
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,]*\s?%?")

_PLACEHOLDERS = re.compile(
    r"\[?\s*(?:more information (?:is )?needed|needs more information|information needed)"
    r"(?: for further recommendations)?\s*\]?|"
    r"\(?\[?\s*(?:to be|needs to be|will be)\s+(?:added|done|determined|completed|defined|filled"
    r"(?: in)?|announced|written|decided|described|documented|provided|updated|confirmed)"
    r"(?: soon| later| here)?\]?\)?|"
    r"\W*(?:todo|to do|tbd|tba|tbc|fixme|xxx+|wip|work in progress|coming soon|placeholder|"
    r"lorem ipsum|insert (?:text|here)|your text here|text here|fill (?:me|this|in)(?: in)?|"
    r"add (?:text|content|details) here|empty|null|none|nil|no content|see above|same as above|"
    r"example text|sample text|foo|bar|asdf|test)\W*|[\W_]*",
    re.IGNORECASE,
)
_OPENS_AS_PLACEHOLDER = re.compile(
    r"\W*(?:todo|tbd|tba|tbc|fixme|xxx)\b(?!\w)|\W*lorem ipsum\b|.{0,80}\blorem ipsum dolor\b|"
    r"\[more information needed\]",
    re.IGNORECASE,
)
_BLANKS = re.compile(
    r"\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}|"
    r"<[a-z _-]{0,10}(?:your|insert|add|fill|describe|name)[^<>]{0,80}>|"
    r"\[(?:your|insert|add|fill|describe|enter|specify|provide|write)[^\[\]]{0,120}\]",
    re.IGNORECASE,
)
_GUIDANCE = re.compile(
    r"(?:please\s+)?(?:"
    r"(?:describe|explain|specify|summari[sz]e|outline|mention|discuss|document|indicate|clarify)"
    r"\s+(?:here|in|the|any|how|what|who|which|whether|your|why)\b"
    r"(?=.{0,150}\b(?:model|dataset|here|section|card|training|evaluation)\b)|"
    r"(?:provide|add|give|insert|write|enter|include|list|state)\s+"
    r"(?:a |an |the |any |your |more )?(?:brief |short |quick |longer |detailed |basic )?"
    r"(?:summary|description|overview|explanation|details|information|text|paragraph|list of)\b"
    r"(?=.{0,150}\b(?:model|dataset|here|section|card|training|evaluation)\b)|"
    r"this section (?:is meant|should|describes|addresses|provides|contains|will|covers|is for)\b|"
    r"users \(both direct and downstream\) should be made aware|"
    r"use the code below to get started|"
    r"this model ?card (?:aims to be a base template|has been (?:automatically )?generated)|"
    r"this is the model card of a .{0,80} model that has been pushed|"
    r"carbon emissions can be estimated using)",
    re.IGNORECASE,
)

_UNKNOWN = re.compile(
    r"\W*(?:it is |this is |these are |that is )?(?:unknown|not known|unclear)"
    r"(?=\s*(?:$|[:;,.–—(-]|\b(?:because|since|as|due|to|at|for|whether|why|how|if|who|which|when|"
    r"where|what)\b))|"
    r"\W*(?:we do not know|we don['’]t know|nobody knows|not recorded|not disclosed|undisclosed|"
    r"no information (?:is )?(?:available|known))\b",
    re.IGNORECASE,
)
_IDLE = re.compile(r"\W*(?:not applicable|does not apply|n\s?/\s?a\b|n\.a\.)", re.IGNORECASE)
_NOBODY_LOOKED = re.compile(r"\W*unknown\s*:\s*no\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because|since|as|due to|owing to|the vendor|vendor|supplier|was never|were never|"
    r"not (?:disclosed|recorded|kept|collected|published|shared)|for lack|so|whether|why|how|which|"
    r"who|when|what)\b|[:,;–—(]",
    re.IGNORECASE,
)
_REASON_WORDS = 3
_BRACKETED = re.compile(r"\[[^\[\]]{1,200}\]")
#: Words up to which a line that ends in a colon is a label without its value.
_LABEL_WORDS = 6
_SHORT_ANSWER = re.compile(r"(?:yes|no|none|nobody|never)\b", re.IGNORECASE)


@dataclass(slots=True)
class Said:
    """What is left of a text. `weight` is its words, a number counting twice.

    `unknown` and `idle` hold the statements that say unknown or not applicable, each with whether a
    reason is given; `unlooked` those that say that nobody has looked; `blanks` the placeholders;
    `passed_over` headings that promise the section, above a text that does not speak of it.
    """

    lines: list[str] = field(default_factory=list)
    weight: int = 0
    unknown: list[tuple[str, bool]] = field(default_factory=list)
    idle: list[tuple[str, bool]] = field(default_factory=list)
    unlooked: list[str] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what is said, as one text."""
        return "\n".join(self.lines)


def read_statements(text: str, headings: Sequence[str], said: Said) -> Said:
    """Add what `text` says to `said`; `headings` are words that are no content when repeated."""
    names = {" ".join(words_of(heading)) for heading in headings}
    is_asked = False
    for line in _plain_lines(text):
        label, body = _labelled(line)
        _, mark, answer = body.rpartition("? ")
        if body.endswith(":") and len(body.split()) <= _LABEL_WORDS:
            continue
        if not body or body.endswith("?"):
            is_asked = body.endswith("?") or label.endswith("?")
            continue
        _take(answer if mark else body, names, is_asked or bool(mark) or label.endswith("?"), said)
        is_asked = False
    return said


def _plain_lines(text: str) -> Iterator[str]:
    """Yield lines without images, link targets, HTML and ruling; cells of a table on their own."""
    for line in text.split("\n"):
        line = line.strip()
        if not line or _RULE.fullmatch(line):
            continue
        if "[" in line:
            line = _LINK.sub(r"\1", _IMAGE.sub("", line))
        if "<" in line and _BLANKS.search(line) is None:
            line = _TAG.sub("", line)
        line = _BULLET.sub("", line).strip()
        if line.startswith("|"):
            line = " · ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip())
        if line:
            yield line


def _labelled(line: str) -> tuple[str, str]:
    """Return the emphasised label of a line and what stands behind it."""
    found = _LABEL.match(line)
    if found is None:
        return "", line
    return (found[1] or found[2]).strip(), line[found.end() :].strip()


def _take(body: str, names: set[str], is_answer: bool, said: Said) -> None:
    bare = body.strip("*_` ")
    is_answered = is_answer and _SHORT_ANSWER.match(bare) is not None
    if _is_blank(bare) and not is_answered or " ".join(words_of(bare)) in names:
        said.blanks.append(shown(bare))
    elif _NOBODY_LOOKED.match(bare):
        said.unlooked.append(shown(bare, 200))
    elif found := _IDLE.match(bare):
        said.idle.append((shown(bare, 200), _has_reason(bare[found.end() :])))
    elif (found := _UNKNOWN.match(bare)) is not None:
        said.unknown.append((shown(bare, 200), _has_reason(bare[found.end() :])))
    else:
        said.lines.append(bare)
        said.weight += max(_weight(bare), 3 if is_answered else 0)


def _is_blank(text: str) -> bool:
    """Say whether a line is a placeholder or the guidance of a template."""
    if len(text) <= 200 and _PLACEHOLDERS.fullmatch(text.rstrip(".!…;: ")):
        return True
    if _OPENS_AS_PLACEHOLDER.match(text) or _GUIDANCE.match(text):
        return True
    if _BRACKETED.fullmatch(text):
        return True
    left = _BLANKS.sub("", text)
    return left != text and len(_WORD.findall(left[:500])) < 4


def _has_reason(rest: str) -> bool:
    """Say whether what follows "unknown" or "not applicable" gives a reason of some words."""
    return len(_WORD.findall(rest[:1_000])) >= _REASON_WORDS and bool(_BECAUSE.search(rest[:200]))


def _weight(text: str) -> int:
    """Return how much a line says: its words, numbers twice; without spaces two signs a word."""
    wide = len(_WIDE.findall(text)) // 2
    return len(_WORD.findall(text)) + len(_NUMBER.findall(text)) + wide


def shown(text: str, most: int = _SHOWN) -> str:
    """Return a text shortened for a message, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def has_number(text: str) -> bool:
    """Say whether a text gives any number."""
    return _NUMBER.search(text) is not None
