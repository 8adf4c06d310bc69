"""Patterns that are found in linear time and mean the same on every engine.

RE2 (DuckDB, BigQuery) takes time in proportion to the text, whatever the pattern; Java's (Spark)
and PostgreSQL's do not, and read some signs otherwise. What only a backtracking engine can do is
refused; what engines read differently is written out: `.` is every letter but a line's end, `$` is
the end of the text, \\d \\w \\s are those of ASCII.
"""

from __future__ import annotations

import re
import warnings

from headway.errors import Invalid

LONGEST = 1000
MOST_REPEATS = 1000
_LOOKS = {"?=": "looks ahead", "?!": "looks ahead", "?<=": "looks behind", "?<!": "looks behind"}
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\n\r\f"}
_PLAIN_ESCAPES = "tnrf"


def portable(pattern: str) -> str:
    """Return `pattern` written so that every engine reads it alike.

    Raises Invalid: look-around, back-references, possessive or atomic groups, flags, classes of
    Unicode, word boundaries, repeats beyond 1,000, or no pattern at all.
    """
    if not pattern or len(pattern) > LONGEST:
        raise _refused(pattern, f"it has {len(pattern):,} characters", f"write 1 to {LONGEST:,}")
    written, at = [], 0
    while at < len(pattern):
        piece, at = _piece(pattern, at)
        written.append(piece)
    made = "".join(written)
    _compiles(pattern, made)
    return made


def _refused(pattern: str, what: str, step: str) -> Invalid:
    shown = pattern if len(pattern) <= 60 else f"{pattern[:57]}…"
    return Invalid(f"The pattern {shown!r} can't be used: {what}; {step}.")


def _piece(pattern: str, at: int) -> tuple[str, int]:
    """Return the next piece as every engine reads it, and where the one after it begins."""
    letter = pattern[at]
    if letter == "\\":
        return _escape(pattern, at, in_set=False), at + 2
    if letter == "[":
        return _set(pattern, at)
    if letter == "(":
        return _group(pattern, at)
    if letter == ".":
        return r"[^\n]", at + 1
    if letter == "$":
        return r"\z", at + 1
    if letter in "*+?}":
        return _repeat(pattern, at)
    return letter, at + 1


def _escape(pattern: str, at: int, *, in_set: bool) -> str:
    letter = pattern[at + 1 : at + 2]
    if letter.isdigit() or letter in ("k", "g"):
        what, step = "it refers back to a group", "patterns here have no memory"
        raise _refused(pattern, what, step)
    if letter in _CLASSES:
        return _CLASSES[letter] if in_set else f"[{_CLASSES[letter]}]"
    if letter.lower() in _CLASSES and not in_set and letter:
        return f"[^{_CLASSES[letter.lower()]}]"
    if letter in _PLAIN_ESCAPES and letter:
        return f"\\{letter}"
    if not letter or letter.isalnum() or not letter.isascii():
        what = f"\\{letter} is not read alike by every engine"
        raise _refused(pattern, what, "write the letters out as a set, like [A-Za-z]")
    return f"\\{letter}"


def _set(pattern: str, at: int) -> tuple[str, int]:
    """Return a set in brackets: ] may stand first, and [ is escaped for engines that nest sets."""
    made, place = ["["], at + 1
    if pattern[place : place + 1] == "^":
        made.append("^")
        place += 1
    first = place
    while place < len(pattern):
        letter = pattern[place]
        if letter == "]" and place > first:
            return "".join([*made, "]"]), place + 1
        if letter == "\\":
            made.append(_escape(pattern, place, in_set=True))
            place += 1
        elif letter in "[]&~":
            made.append(f"\\{letter}")
        else:
            made.append(letter)
        place += 1
    raise _refused(pattern, "a set that begins with [ is not closed", "close it with ]")


def _group(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at + 1 : at + 2] != "?":
        return "(", at + 1
    for sign, does in _LOOKS.items():
        if pattern.startswith(sign, at + 1):
            what = f"it {does} ({sign}…), which takes more than linear time"
            raise _refused(pattern, what, "say what is to be found, or use a second rule")
    if pattern.startswith("?:", at + 1):
        return "(?:", at + 3
    what = f"the group ({pattern[at + 1 : at + 4]}…) is not read alike by every engine"
    raise _refused(pattern, what, "use ( ) or (?: )")


def _repeat(pattern: str, at: int) -> tuple[str, int]:
    """Return a sign of repetition; a second + makes it possessive, which RE2 does not know."""
    if pattern[at + 1 : at + 2] == "+" and at:
        what = f"{pattern[at : at + 2]} never gives back what it took"
        raise _refused(pattern, what, "write one sign of repetition")
    return pattern[at], at + 1


def _compiles(pattern: str, made: str) -> None:
    for count in re.findall(r"(?<!\\)\{(\d+)(?:,(\d*))?\}", pattern):
        if any(number and int(number) > MOST_REPEATS for number in count):
            step = f"repeat at most {MOST_REPEATS:,} times"
            raise _refused(pattern, "it repeats too often", step)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(made.replace(r"\z", r"\Z"))
    except (re.error, FutureWarning, RecursionError, OverflowError) as error:
        raise _refused(pattern, f"it is no pattern ({error})", "correct it") from error
