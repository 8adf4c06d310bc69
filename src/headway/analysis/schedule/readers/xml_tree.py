"""XML as a tree with lines: nothing is declared in it, and nothing in it refers to anything else.

A document type, an entity, depth, size and number of elements are refused while the text streams
in, before anything is built of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from headway.errors import Invalid, Problem

MOST_BYTES = 40_000_000
MOST_ELEMENTS = 1_000_000
DEEPEST = 20
#: Texts up to this length recur so often (0, 1, PT0H0M0S) that one copy is kept.
_SHARED = 24


@dataclass(slots=True)
class Element:
    """An element without its namespace: its text, its children, the line it begins on."""

    tag: str
    line: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, tag: str) -> Element | None:
        """Return the first child of that name."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> Iterator[Element]:
        """Yield the children of that name."""
        return (child for child in self.children if child.tag == tag)

    def within(self, outer: str, tag: str) -> Iterator[Element]:
        """Yield the children of that name in the first child named `outer`."""
        held = self.child(outer)
        return held.all(tag) if held is not None else iter(())

    def value(self, tag: str) -> str:
        """Return the text of the first child of that name; empty when there is none."""
        held = self.child(tag)
        return "" if held is None else held.text.strip()


def parse_xml(data: bytes, name: str) -> Element:
    """Return the root of a document. Raises Invalid, with the line, for what is refused."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; a plan in XML may have {MOST_BYTES:,}."
        raise Invalid(sentence)
    builder = _Builder(name)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True)
    builder.expat = parser.parser
    try:
        parser.feed(data)
        root = parser.close()
    except ParseError as error:
        raise _refusal(name, error.position[0], f"is not XML: {_reason(error)}") from error
    except DefusedXmlException as error:
        what = "declares a document type or an entity, which plan files may not do; remove it"
        raise _refusal(name, builder.line, what) from error
    except (LookupError, ValueError) as error:
        what = f"cannot be decoded: {error}; save the file as UTF-8"
        raise _refusal(name, builder.line, what) from error
    if not isinstance(root, Element):
        sentence = f"{name} is not XML: it holds no element; export the plan again."
        raise Invalid(sentence)
    return root


class _Builder:
    """The target of the parser: it makes the tree and counts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.expat: Any = None
        self.root: Element | None = None
        self.open: list[Element] = []
        self.texts: list[str] = []
        self.count = 0

    @property
    def line(self) -> int:
        return int(self.expat.CurrentLineNumber) if self.expat is not None else 1

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            what = f"goes beyond {MOST_ELEMENTS:,} elements; split the plan"
            raise _refusal(self.name, self.line, what)
        if len(self.open) >= DEEPEST:
            what = f"is nested more than {DEEPEST} deep, which no plan is; export it again"
            raise _refusal(self.name, self.line, what)
        element = Element(sys.intern(tag.rpartition("}")[2]), self.line)
        if self.open:
            self.open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self.open.append(element)
        self.texts = []

    def data(self, text: str) -> None:
        self.texts.append(text)

    def end(self, _tag: str) -> None:
        element = self.open.pop()
        if not element.children:
            text = "".join(self.texts)
            element.text = sys.intern(text) if len(text) <= _SHARED else text
        self.texts = []

    def close(self) -> Element | None:
        return self.root


def _reason(error: Exception) -> str:
    """Return what the parser says, without its place and its period."""
    return str(error).partition(":")[0].strip().rstrip(".")


def _refusal(name: str, line: int, what: str) -> Invalid:
    sentence = f"{name}, line {line} {what}."
    return Invalid(sentence, [Problem(f"line {line}", sentence)])
