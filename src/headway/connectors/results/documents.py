"""Text to plain values, safely: JSON, JSON Lines, Kubernetes YAML, XML and CSV from anybody."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from headway.errors import Invalid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Documents of one file, and cells of a table.
MOST_DOCUMENTS = 5_000
MOST_ROWS = 200_000
DEEPEST = 100


def json_documents(text: str) -> list[object] | None:
    """Return the JSON value of a text, or one of each line; None when it is neither.

    NaN and infinity, which some tools write, are read as null: there is no value.
    """
    try:
        return [json.loads(text, parse_constant=_nothing)]
    except RecursionError:
        return None
    except ValueError:
        pass
    lines = [line for line in text.split("\n") if line.strip()]
    if not 1 < len(lines) <= MOST_DOCUMENTS:
        return None
    try:
        return [json.loads(line, parse_constant=_nothing) for line in lines]
    except (ValueError, RecursionError):
        return None


def json_items(text: str) -> Iterator[object]:
    """Yield the members of a JSON list one by one, so that one alone is in memory.

    Raises Invalid where it is no list, is broken, or nests too deep.
    """
    decode = json.JSONDecoder(parse_constant=_nothing).raw_decode
    place = _past_space(text, 0)
    place = _past_space(text, place + 1) if text[place : place + 1] == "[" else -1
    try:
        while place >= 0 and text[place : place + 1] != "]":
            item, place = decode(text, place)
            yield item
            place = _past_space(text, place)
            if text[place : place + 1] == ",":
                place = _past_space(text, place + 1)
            elif text[place : place + 1] != "]":
                place = -1
    except (ValueError, RecursionError):
        place = -1
    if place < 0 or text[place + 1 :].strip():
        sentence = "The JSON list is broken or nests too deep; export it again."
        raise Invalid(sentence)


_SPACE = re.compile(r"[ \t\r\n]*")


def _past_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _nothing(name: str) -> None:  # noqa: ARG001
    """Stand for a number that JSON does not have."""


def yaml_documents(text: str) -> list[object]:
    """Return the documents of a YAML text, every scalar as text.

    Raises Invalid for what is no YAML, and for anchors, with which a short file becomes a huge one.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                sentence = "The YAML file uses an anchor (*name); write the values out."
                raise Invalid(sentence)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                sentence = f"The YAML file nests deeper than {DEEPEST} levels."
                raise Invalid(sentence)
        return [one for one in yaml.load_all(text, Loader=loader) if one is not None]  # noqa: S506  scalars stay texts
    except yaml.YAMLError as error:
        sentence = f"The file is no YAML: {str(error)[:200]}."
        raise Invalid(sentence) from None


def xml_root(text: str) -> Element:
    """Return the root of an XML text. Raises Invalid; entities and DTDs are refused."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(text.encode(), forbid_dtd=True)
    except DefusedXmlException:
        sentence = "The XML file declares entities or a DTD, which are never read; leave them out."
        raise Invalid(sentence) from None
    except (ParseError, ValueError, LookupError) as error:
        sentence = f"The file is no XML: {str(error)[:200]}."
        raise Invalid(sentence) from None
    return root


def xml_parts(text: str, *, of: Collection[str]) -> Iterator[Element]:
    """Yield the children of the root that have these tags, each complete, and then forget them.

    Raises Invalid as `xml_root` does.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    depth = 0
    root: Element | None = None
    try:
        for event, part in iterparse(io.BytesIO(text.encode()), ("start", "end"), forbid_dtd=True):
            if event == "start":
                root = part if root is None else root
                depth += 1
                if depth > DEEPEST:
                    sentence = f"The XML file nests deeper than {DEEPEST} levels."
                    raise Invalid(sentence)
                continue
            depth -= 1
            if depth == 1 and root is not None:
                if part.tag in of:
                    yield part
                root.clear()
    except DefusedXmlException:
        sentence = "The XML file declares entities or a DTD, which are never read; leave them out."
        raise Invalid(sentence) from None
    except (ParseError, ValueError, LookupError) as error:
        sentence = f"The file is no XML: {str(error)[:200]}."
        raise Invalid(sentence) from None


def table_rows(text: str, delimiter: str = ",") -> Iterator[Sequence[str]]:
    """Yield the rows of a CSV text. Raises Invalid for too many, or for what is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for place, row in enumerate(reader):
            if place > MOST_ROWS:
                sentence = f"The table has more than {MOST_ROWS:,} rows; send less of it."
                raise Invalid(sentence)
            yield row
    except csv.Error as error:
        sentence = f"Line {reader.line_num} is no CSV ({error})."
        raise Invalid(sentence) from None
