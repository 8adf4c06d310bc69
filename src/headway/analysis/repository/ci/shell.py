"""Shell as CI writes it: which commands a script runs, and whether their failure is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    r"""(?P<op>\|\||&&|;;|\||;|&(?!>))|(?P<word>(?:[^\s|&;"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=>)&\d?|&>)+)""",
    re.S,
)
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
#: What a failing command may be followed by, after `||`, so that nobody hears of it.
_SWALLOWS = frozenset({"true", ":", "echo", "printf"})
_OPENERS = frozenset({"if", "then", "else", "elif", "do", "while", "until", "{", "(", "!", "time"})
_MOST_LETTERS = 100_000


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, its line, the folder it is run in, why its failure goes unheard."""

    words: tuple[str, ...]
    line: int
    folder: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Return the program, without its folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a CI step: `pipes_fail` when a failure inside a pipe is one of the whole."""

    text: str
    line: int
    folder: str = ""
    pipes_fail: bool = True
    stops: bool = True


def commands(script: Script) -> tuple[Command, ...]:
    """Return the commands of a script, in order, each with what keeps its failure from counting."""
    found: list[Command] = []
    state = script
    for line, text in _logical(script.text, script.line):
        for words, after, rest in _parts(text):
            if words[0] == "set":
                state = _set(state, words)
            elif words[0] == "cd" and len(words) > 1:
                state = replace(state, folder=joined(state.folder, words[1]))
            elif plain := _plain(words):
                doubts = _doubts(words, after, rest, state)
                found.append(Command(plain, line, state.folder, doubts))
    return tuple(found)


def _set(state: Script, words: tuple[str, ...]) -> Script:
    """Follow `set -e`, `set +e` and `set -o pipefail`."""
    if "pipefail" in words:
        state = replace(state, pipes_fail=words[1].startswith("-"))
    letters = words[1] if len(words) > 1 else ""
    if "e" in letters and "pipefail" not in words[1:2]:
        state = replace(state, stops=letters.startswith("-"))
    return state


def _logical(text: str, first: int) -> Iterator[tuple[int, str]]:
    """Yield (line, text) with continued lines joined, without comments and here-documents."""
    held, start, until = "", first, ""
    for offset, raw in enumerate(text[:_MOST_LETTERS].split("\n")):
        line = raw.strip()
        if until:
            until = "" if line == until else until
            continue
        if not held:
            start = first + offset
        if line.startswith("#"):
            continue
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        whole, held = held + line, ""
        here = re.search(r"<<-?\s*[\"']?(\w+)[\"']?", whole)
        until = here.group(1) if here else ""
        if whole:
            yield start, whole
    if held.strip():
        yield start, held


def _parts(text: str) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Return (words, operator after, words after that) of each command of a line."""
    parts: list[tuple[tuple[str, ...], str]] = []
    words: list[str] = []
    for match in _TOKEN.finditer(text):
        word = match.group("word")
        if word is None:
            parts.append((tuple(words), match.group("op")))
            words = []
        elif word.startswith("#"):
            break
        else:
            words.append(word)
    parts.append((tuple(words), ""))
    following = [*(words for words, _ in parts[1:]), ()]
    return [
        (words, after, rest) for (words, after), rest in zip(parts, following, strict=True) if words
    ]


def _doubts(
    words: tuple[str, ...], after: str, rest: tuple[str, ...], state: Script
) -> tuple[str, ...]:
    """Return why a failure of this command would not stop the job."""
    found = []
    if after == "||" and rest and (rest[0] in _SWALLOWS or rest[:2] == ("exit", "0")):
        found.append(f"its failure is swallowed by `|| {' '.join(rest[:2])}`")
    if after == "|" and not state.pipes_fail:
        found.append("its exit code is lost in a pipe")
    if after == "&":
        found.append("it runs in the background and nobody waits for its answer")
    if not state.stops:
        found.append("`set +e` lets the script go on after a failure")
    if words[0] == "!":
        found.append("`!` turns its failure into a success")
    return tuple(found)


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words without assignments and shell words before them, and without quotes."""
    at = 0
    while at < len(words) and (words[at] in _OPENERS or _ASSIGNED.match(words[at])):
        at += 1
    return tuple(_unquoted(word) for word in words[at:] if not re.match(r"\d*[<>]", word))


def _unquoted(word: str) -> str:
    if len(word) > 1 and word[0] in "\"'" and word[-1] == word[0]:
        return word[1:-1]
    return word


def joined(folder: str, inner: str) -> str:
    """Return `inner` seen from `folder`, from the top of the repository, as far as it is known."""
    if inner.startswith(("/", "~", "$", "-")):
        return folder if inner.startswith("-") else ""
    parts = [part for part in folder.split("/") if part]
    for part in inner.strip("\"'").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
