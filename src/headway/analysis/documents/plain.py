"""A document of text as plain values: what a form keeps of YAML that somebody typed into it."""

from __future__ import annotations

import re

from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.errors import Invalid

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?")
_WORDS = {"true": True, "false": False}


def plain(node: Node) -> object:
    """Return a node as text, numbers, truth, None, lists and dictionaries.

    Only what JSON would read as a number or as truth is one: `no` and `1:30` stay text. Raises
    Invalid for a key that stands twice.
    """
    match node:
        case Table():
            return _mapping(node)
        case Entries():
            return [plain(one) for one in node.nodes]
        case Scalar():
            return _value(node)


def _mapping(table: Table) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in table.pairs:
        if key.text in found:
            sentence = f"Line {key.line}: {key} stands there twice; write it once."
            raise Invalid(sentence)
        found[key.text] = plain(value)
    return found


def _value(scalar: Scalar) -> object:
    if scalar.is_null:
        return None
    if not scalar.plain:
        return scalar.text
    if scalar.text in _WORDS:
        return _WORDS[scalar.text]
    if _NUMBER.fullmatch(scalar.text):
        return float(scalar.text) if "." in scalar.text else int(scalar.text)
    return scalar.text
