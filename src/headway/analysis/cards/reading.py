"""The file of a card: its bytes as text, its format by its content, and what that format holds."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping

from headway.analysis.cards.front import read_front
from headway.analysis.cards.markdown import parts_of
from headway.analysis.cards.parts import Parsed
from headway.analysis.cards.sagemaker import is_sagemaker, read_sagemaker, unwrapped
from headway.analysis.cards.sections import CardKind
from headway.analysis.cards.toolkit import is_toolkit, read_toolkit
from headway.errors import Invalid

MOST_BYTES = 5_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(data: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, UTF-16 or UTF-32. Raises Invalid: too large, no text."""
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; a card may have {MOST_BYTES:,}. Shorten it."
        raise Invalid(sentence)
    encoding = next((coding for mark, coding in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        encoding = _guessed(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        sentence = f"{name} is not text: byte {error.start} is no {encoding}. Save it as UTF-8."
        raise Invalid(sentence) from error
    if "\0" in text:
        sentence = f"{name} is not text: it holds NUL bytes. Name the card's own file."
        raise Invalid(sentence)
    return text


def _guessed(data: bytes) -> str:
    """Return the encoding of text without a mark: NUL in every other place is UTF-16."""
    head = data[:2_000]
    if head[1::2].count(0) > len(head) // 4 > 0:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) // 4 > 0 else "utf-8"


def parsed(data: bytes, name: str, kind: CardKind) -> Parsed:
    """Return what a card's file holds. Raises Invalid for what is no card in a known format."""
    text = text_of(data, name)
    if text.lstrip()[:1] in ("{", "["):
        return _json(text, name, kind)
    front, body, first_line, notes = read_front(text, name, kind)
    found = Parsed(
        "markdown" if front is None else "hugging face", parts_of(body, kind, first_line)
    )
    found.notes += notes
    if front is not None:
        front.add_to(found)
    return found


def _json(text: str, name: str, kind: CardKind) -> Parsed:
    document = unwrapped(_loaded(text, name), lambda inner: _loaded(inner, name))
    if is_toolkit(document):
        return read_toolkit(document, _only_models("Model Card Toolkit", kind))
    if is_sagemaker(document):
        return read_sagemaker(document, _only_models("SageMaker", kind))
    sentence = (
        f"{name} is JSON, but no card: it has neither the keys of the Model Card Toolkit "
        "(model_details, considerations, …) nor of SageMaker (model_overview, intended_uses, …). "
        "Give one of these, or Markdown."
    )
    raise Invalid(sentence)


def _loaded(text: str, name: str) -> Mapping[str, object]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        sentence = f"{name} is not JSON: line {error.lineno}: {error.msg}; correct it there."
        raise Invalid(sentence) from error
    except (RecursionError, ValueError) as error:
        sentence = f"{name} can't be read as JSON: it is nested too deep, or a number is too long."
        raise Invalid(sentence) from error
    if not isinstance(document, dict):
        sentence = f"{name} is JSON, but no card: its top has to be an object."
        raise Invalid(sentence)
    return document


def _only_models(tool: str, kind: CardKind) -> CardKind:
    if kind is not CardKind.MODEL:
        sentence = f"This is a model card of {tool}; check it with --kind model."
        raise Invalid(sentence)
    return kind
