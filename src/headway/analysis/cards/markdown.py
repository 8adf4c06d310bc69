"""Markdown as headings with their text: `#`, underlined and bold headings, labels, code apart.

Every pass is linear in the file: nothing here goes back over text that it has read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from headway.analysis.cards.meaning import is_phrase, meaning_of, words_of
from headway.analysis.cards.parts import Part
from headway.analysis.cards.sections import CardKind

#: Levels below those of `#`: a line that is bold as a whole, and a bold label at a line's start.
_BOLD, _LABEL = 7, 8
#: The level of a section's name on a line of its own, without any mark.
_BARE = 6
_BARE_WORDS = 5
_BARE_NAMES = (
    *("factors", "metrics", "caveats", "limitations", "evaluation", "uses"),
    *("motivation", "composition", "distribution", "maintenance"),
)
_LONGEST_HEADING = 300
_BREAK = re.compile(r"\r\n|\r|\n")
_UNDERLINE = re.compile(r"(=+|-+)")
_LABELLED = re.compile(
    r"(?:[-*+] +|\d{1,3}[.)] +)?(\*\*|__)(?P<label>[^*_]{1,120})(?P<in>:)?\1"
    r"(?P<out> ?:)?(?P<rest>.*)"
)
_FENCE = re.compile(r"(`{3,}|~{3,})")


@dataclass(slots=True)
class _Open:
    """A heading that text still belongs to."""

    level: int
    title: str
    sections: tuple[str, ...] | None
    line: int
    has_own: bool = True
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: its number, its text, the level of the heading it is (0: none), or code."""

    number: int
    text: str
    level: int = 0
    is_code: bool = False


def parts_of(text: str, kind: CardKind, first_line: int = 1) -> list[Part]:
    """Return the parts of a Markdown text, in order; `first_line` is the number of its first."""
    reader = _Reader(kind)
    for line in _lines(without_comments(text), first_line):
        reader.take(line)
    return reader.finish()


def without_comments(text: str) -> str:
    """Return the text with each HTML comment replaced by its line ends; an open one runs on."""
    kept, start = [], 0
    while (begin := text.find("<!--", start)) >= 0:
        kept.append(text[start:begin])
        end = text.find("-->", begin + 4)
        start = len(text) if end < 0 else end + 3
        kept.append("\n" * text.count("\n", begin, start))
    return "".join([*kept, text[start:]])


def _lines(text: str, first: int) -> Iterator[_Line]:
    """Yield the lines, with fences dropped and underlined headings made one line."""
    fence, held = "", None
    for number, line in enumerate(_BREAK.split(text), first):
        bare = line.strip()
        mark = _FENCE.match(bare)
        if held is not None and not fence and _is_underline(held.text, bare):
            yield _Line(held.number, held.text.strip(), 1 if bare[0] == "=" else 2)
            held = None
            continue
        if held is not None:
            yield held
            held = None
        if mark and (not fence or bare.startswith(fence)):
            fence = "" if fence else mark[1]
        elif fence:
            yield _Line(number, line, is_code=True)
        else:
            held = _Line(number, line)
    if held is not None:
        yield held


def _is_underline(above: str, line: str) -> bool:
    """Say whether `line` underlines the text above: not a list, a table, a quote or a heading."""
    said = above.strip()
    is_text = bool(said) and said[0] not in "#|>-*+`=" and len(said) <= _LONGEST_HEADING
    return is_text and len(line) >= 2 and _UNDERLINE.fullmatch(line) is not None


class _Reader:
    """Takes lines, closes headings as others open, and keeps what was said under each."""

    def __init__(self, kind: CardKind) -> None:
        self.kind = kind
        self.open: list[_Open] = [_Open(0, "", None, 1)]
        self.parts: list[Part] = []
        self.has_title = False
        self.after_blank = True

    def take(self, line: _Line) -> None:
        """Add one line to what is open, or open what it heads."""
        if line.is_code:
            self.open[-1].code.append(line.text)
            return
        bare = line.text.strip()
        if line.level:
            self._head(line.level, bare, line.number)
        elif bare.startswith("#") and bare.lstrip("#")[:1] in ("", " ", "\t"):
            marks = len(bare) - len(bare.lstrip("#"))
            self._head(min(marks, 6), bare.strip("#").strip(), line.number)
        elif self.after_blank and _is_bare_heading(bare, self.kind):
            self._head(_BARE, bare, line.number)
        else:
            self._say(bare, line)
        self.after_blank = not bare

    def finish(self) -> list[Part]:
        """Close everything and return the parts in the order of the file."""
        self._close(0)
        return sorted(self.parts, key=lambda part: part.line or 0)

    def _say(self, bare: str, line: _Line) -> None:
        """Take a line of text, which a bold label may head."""
        found = _LABELLED.match(bare) if "**" in bare or "__" in bare else None
        if found is None:
            self.open[-1].text.append(line.text)
            return
        title, rest = found["label"].strip().rstrip(":"), found["rest"].strip()
        is_list = not bare.startswith(found[1])
        if not rest and not is_list and len(words_of(title)) <= 8:
            self._head(_BOLD, title, line.number)
            return
        is_label = bool(found["in"] or found["out"] or found["label"].rstrip().endswith(":"))
        if not is_label:
            self.open[-1].text.append(line.text)
            return
        self._close(_LABEL)
        meaning = meaning_of(title, self.kind)
        if meaning and meaning != self.open[-1].sections:
            self._head(_LABEL, title, line.number)
            self.open[-1].text.append(rest)
        else:
            self.open[-1].text.append(line.text)

    def _head(self, level: int, title: str, number: int) -> None:
        """Open a heading: of its own meaning, or of the one above it that has one."""
        self._close(level)
        title = _plain(title)[:_LONGEST_HEADING]
        above = self.open[-1].sections
        meaning = meaning_of(title, self.kind)
        if level == 1 and not self.has_title:
            # The first heading names the thing; "# Risk model" is no section about risks.
            self.has_title = True
            meaning = meaning if _is_whole(title, self.kind) else None
        inherits = meaning is None
        sections = above if inherits else meaning
        self.open.append(_Open(level, title, sections, number, has_own=not inherits))

    def _close(self, level: int) -> None:
        """Close every open heading of this level or below."""
        while self.open and self.open[-1].level >= level:
            done = self.open.pop()
            self.parts.append(
                Part(
                    done.title,
                    self._sections(done),
                    "\n".join(done.text),
                    "\n".join(done.code),
                    done.line,
                    done.has_own,
                )
            )

    def _sections(self, done: _Open) -> tuple[str, ...]:
        """Return the sections of a heading; what stands first, below the title, introduces it."""
        if done.sections is not None:
            return done.sections
        is_intro = done.level <= 1
        first = "details" if self.kind is CardKind.MODEL else "motivation"
        return (first,) if is_intro else ()


def _is_bare_heading(line: str, kind: CardKind) -> bool:
    """Say whether a line on its own is the name of a section, written without a mark."""
    words = line.rstrip(":").split()
    if not 1 <= len(words) <= _BARE_WORDS or not line[:1].isupper() or not line[-1:].isalpha():
        return False
    return is_phrase(line, kind) and (len(words) > 1 or line.lower() in _BARE_NAMES)


def _is_whole(title: str, kind: CardKind) -> bool:
    """Say whether a title is a section's name and nothing else ("Intended use")."""
    words = words_of(title)
    return len(words) <= 3 and meaning_of(title, kind) is not None and "model" not in words


def _plain(title: str) -> str:
    """Return a heading without marks of emphasis, code and links."""
    bare = title.replace("[optional]", "")
    return re.sub(r"[*_`]|\]\([^()\s]{0,500}\)|[\[\]]", "", bare).strip()
