"""Text to plain values, safely: JSON, JSON Lines, Kubernetes YAML, XML and CSV from anybody."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
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


def table_rows(text: str) -> Iterator[Sequence[str]]:
    """Yield the rows of a CSV text. Raises Invalid for too many, or for what is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for place, row in enumerate(reader):
            if place > MOST_ROWS:
                sentence = f"The table has more than {MOST_ROWS:,} rows; send less of it."
                raise Invalid(sentence)
            yield row
    except csv.Error as error:
        sentence = f"Line {reader.line_num} is no CSV ({error})."
        raise Invalid(sentence) from None
