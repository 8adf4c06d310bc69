"""YAML as text with lines: no types are guessed, nothing can refer to anything else.

YAML turns `no` into False and `1:30` into 90, and lets a short file grow by aliases. Here a scalar
stays the text that was written, and whoever asks for a number, a date or a name reads it from that.
Aliases, tags and depth are refused while the events stream in, before anything is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from headway.errors import Invalid, Problem

MOST_BYTES = 5_000_000
DEEPEST = 12
MOST_NODES = 500_000
_NULLS = ("", "~", "null", "Null", "NULL")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Form:
    """What a file is to be: its name for people, what its top holds, what to do when too big."""

    noun: str
    holds: str
    shorten: str


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text; `plain` when it was written without quotes."""

    text: str
    plain: bool
    line: int

    @property
    def is_null(self) -> bool:
        """Say whether nothing was written here, or `null`."""
        return self.plain and self.text in _NULLS

    def __str__(self) -> str:
        """Return the text, shortened for a message."""
        return repr(self.text if len(self.text) <= 60 else self.text[:57] + "…")


@dataclass(frozen=True, slots=True)
class Entries:
    """A list."""

    nodes: tuple[Node, ...]
    line: int

    def __str__(self) -> str:
        """Name the kind, for a message."""
        return "a list"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, as the pairs that were written; a key may occur twice."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int

    def __str__(self) -> str:
        """Name the kind, for a message."""
        return "a mapping"


Node = Scalar | Entries | Table


def decoded(data: bytes, name: str, noun: str) -> str:
    """Return the text of a file. Raises Invalid when it is too large or not UTF-8."""
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; a {noun} may have {MOST_BYTES:,}."
        raise Invalid(sentence)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sentence = f"{name}, line {line}: byte {error.start} is not UTF-8; save the file as UTF-8."
        raise Invalid(sentence) from error


def compose(text: str, name: str, form: Form) -> Table:
    """Return the document. Raises Invalid, with the line, for anything but one plain mapping."""
    try:
        events = _checked(yaml.parse(text, Loader=_LOADER), name, form)
        root = next(events, None)
        node = _node(root, events, name, form) if root is not None else None
        if next(events, None) is not None:
            sentence = f"{name} holds several documents; a {form.noun} holds one."
            raise Invalid(sentence)
    except yaml.YAMLError as error:
        raise _unreadable(error, text, name) from error
    if not isinstance(node, Table):
        sentence = f"{name} is not a {form.noun}: it has to be a mapping with {form.holds}."
        raise Invalid(sentence)
    return node


def _checked(events: Iterator[yaml.Event], name: str, form: Form) -> Iterator[yaml.Event]:
    """Pass on the events of nodes; refuse aliases, tags, depth and number."""
    depth = 0
    for count, event in enumerate(events):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        fault = _fault(event, depth, count, form)
        if fault is not None:
            raise _refusal(name, _line(event), *fault, form)
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event


def _fault(event: yaml.Event, depth: int, count: int, form: Form) -> tuple[str, str] | None:
    """Return what such a file may not do and the next step, when `event` does it."""
    if isinstance(event, yaml.AliasEvent):
        return "refers to another place (`*`)", "write the value out"
    tag = getattr(event, "tag", None)
    if tag:
        return f"has the tag {tag!r}", "remove it"
    if depth > DEEPEST:
        return f"is nested more than {DEEPEST} deep", "flatten it"
    if count > MOST_NODES:
        return f"goes beyond {MOST_NODES:,} values", form.shorten
    return None


def _node(event: yaml.Event, events: Iterator[yaml.Event], name: str, form: Form) -> Node:
    line = _line(event)
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, event.style is None or event.style == "", line)
    if isinstance(event, yaml.SequenceStartEvent):
        nodes = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            nodes.append(_node(inner, events, name, form))
        return Entries(tuple(nodes), line)
    pairs = []
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(inner, events, name, form)
        if not isinstance(key, Scalar):
            step = "use a word as the key"
            raise _refusal(name, key.line, f"has {key} as a key", step, form)
        pairs.append((key, _node(next(events), events, name, form)))
    return Table(tuple(pairs), line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _refusal(name: str, line: int, what: str, step: str, form: Form) -> Invalid:
    sentence = f"{name}, line {line} {what}, which {form.noun}s may not do; {step}."
    return Invalid(sentence, [Problem(f"line {line}", sentence)])


def _unreadable(error: yaml.YAMLError, text: str, name: str) -> Invalid:
    mark = getattr(error, "problem_mark", None)
    line = min(mark.line, text.count("\n")) + 1 if mark is not None else None
    place = f"line {line}" if line is not None else "its text"
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    sentence = f"{name} is not YAML: {place}: {what}; correct it there."
    return Invalid(sentence, [Problem(place, sentence)])
