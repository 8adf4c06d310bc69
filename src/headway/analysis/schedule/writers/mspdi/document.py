"""An XML document out: elements in the order of the schema, text that can hold anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from headway.analysis.schedule.readers.xml_tree import Element

NAMESPACE = "http://schemas.microsoft.com/project"


def element(tag: str, values: Mapping[str, object | None] | None = None) -> Element:
    """Return an element with a child for each value that is not None, in their order."""
    made = Element(tag)
    for name, value in (values or {}).items():
        if value is not None:
            made.children.append(Element(name, text=_text(value)))
    return made


def document(root: Element) -> bytes:
    """Return a document in UTF-8, one element a line."""
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>']
    lines += _lines(root, f' xmlns="{NAMESPACE}"')
    return ("\n".join(lines) + "\n").encode()


def _lines(made: Element, attributes: str = "") -> Iterator[str]:
    if made.children:
        yield f"<{made.tag}{attributes}>"
        for child in made.children:
            yield from _lines(child)
        yield f"</{made.tag}>"
    elif made.text:
        yield f"<{made.tag}{attributes}>{_escaped(made.text)}</{made.tag}>"
    else:
        yield f"<{made.tag}{attributes}/>"


def _escaped(text: str) -> str:
    """Return text as XML: characters that XML has no place for are left out."""
    return escape("".join(sign for sign in text if _is_allowed(sign)), {"\r": "&#13;"})


def _is_allowed(sign: str) -> bool:
    code = ord(sign)
    if code < 0x20:
        return sign in "\t\n\r"
    return not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
