"""Which tool wrote a file, and what it says: known by its content, never by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from headway.connectors.results import (
    archives,
    argo,
    cvat,
    datumaro,
    deepchecks,
    evidently,
    flagger,
    great_expectations,
    growthbook,
    junit,
    label_studio,
    nannyml,
    openlineage,
    openmetrics,
    own,
)
from headway.connectors.results.base import MOST, Asked, Labelled, Results, listed, mapping, word
from headway.connectors.results.documents import json_documents, yaml_documents
from headway.errors import Invalid, Problem

#: The word for "find out", and every format by the word that names it.
AUTO = "auto"
FORMATS: Mapping[str, str] = {
    argo.TOOL: "Argo Rollouts AnalysisRun",
    flagger.TOOL: "Flagger Canary",
    evidently.TOOL: "Evidently snapshot",
    great_expectations.TOOL: "Great Expectations validation result",
    nannyml.TOOL: "NannyML results",
    deepchecks.TOOL: "Deepchecks suite result",
    growthbook.TOOL: "GrowthBook experiment results",
    junit.TOOL: "JUnit XML",
    openlineage.TOOL: "OpenLineage run events",
    openmetrics.TOOL: "OpenMetrics text",
    label_studio.TOOL: "Label Studio export (JSON, JSON-MIN or CSV)",
    cvat.TOOL: "CVAT for images or video 1.1",
    datumaro.TOOL: "Datumaro dataset of CVAT",
    datumaro.COCO: "COCO instances of CVAT",
    own.TOOL: "answer of headway check or readout",
}

Document = Mapping[str, object]
_OF_ONE: Sequence[tuple[str, Callable[[object], bool], Callable[[Document, Asked], Results]]] = (
    (own.TOOL, own.looks, own.read),
    (argo.TOOL, argo.looks, argo.read),
    (flagger.TOOL, flagger.looks, flagger.read),
    (great_expectations.TOOL, great_expectations.looks, great_expectations.read),
    (evidently.TOOL, evidently.looks, evidently.read),
    (datumaro.TOOL, datumaro.looks, datumaro.read),
    (datumaro.COCO, datumaro.looks_coco, datumaro.read_coco),
    (deepchecks.TOOL, deepchecks.looks, deepchecks.read),
    (growthbook.TOOL, growthbook.looks, growthbook.read),
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file whose writer is known: the format, and what reads it."""

    format: str
    read: Callable[[Asked], Results]


def read_results(text: str, asked: Asked, named: str = AUTO) -> Results | None:
    """Return what a file of results says; None when it is of no format that is read here.

    Raises Invalid when `named` is another format than the file's, and for a file that is broken.
    """
    if named != AUTO and named not in FORMATS:
        sentence = f"There is no format {named[:60]!r}; choose one of {', '.join(FORMATS)}."
        raise Invalid(sentence)
    found = recognised(text.removeprefix("\ufeff"))
    if named not in (AUTO, found.format if found else ""):
        what = f"it looks like {FORMATS[found.format]}" if found else "it looks like none that is"
        sentence = f"The file is no {FORMATS[named]}: {what}. Leave --format out to find out."
        raise Invalid(sentence)
    return found.read(asked) if found else None


def read_file(data: bytes, asked: Asked, named: str = AUTO) -> Results | None:
    """Return what a file says, as `read_results`; an archive is unpacked, with its sizes counted.

    Several exports in one archive are read together, one of each annotator.
    """
    if not archives.is_archive(data):
        return read_results(data.decode("utf-8-sig", "replace"), asked, named)
    files = archives.texts_of(data)
    if len(files) == 1:
        return read_results(files[0][1], asked, named)
    found = archives.read_together(files, asked)
    if named not in (AUTO, found.format):
        sentence = f"The archive holds exports of {FORMATS[found.format]}; leave --format out."
        raise Invalid(sentence)
    return found


def knows_file(data: bytes) -> bool:
    """Say whether a file is of a format that is read here; an archive always holds one."""
    if archives.is_archive(data):
        return True
    return recognised(data.decode("utf-8-sig", "replace").removeprefix("\ufeff")) is not None


def recognised(text: str) -> Recognised | None:
    """Return the format of a text with its reader, None when none is known."""
    start = text.lstrip()
    if start.startswith("<") and cvat.looks(start):
        return Recognised(cvat.TOOL, lambda asked: cvat.read(text, asked))
    if start.startswith("<"):
        return Recognised(junit.TOOL, lambda asked: junit.read(text, asked))
    if label_studio.looks_text(start):
        return Recognised(label_studio.TOOL, lambda asked: label_studio.read_text(start, asked))
    if start.startswith(("{", "[")):
        documents = json_documents(text) or []
        return _of_documents(documents, are_lines=len(documents) > 1)
    return _of_text(text, start)


def _of_text(text: str, start: str) -> Recognised | None:
    """Return the format of a text that is neither XML nor JSON."""
    if label_studio.looks_table(start):
        return Recognised(label_studio.TOOL, lambda asked: label_studio.read_table(start, asked))
    if nannyml.looks(start):
        return Recognised(nannyml.TOOL, lambda asked: nannyml.read(nannyml.table_of(text), asked))
    if any(line.startswith("apiVersion:") for line in start.split("\n")[:200]):
        return _of_documents(yaml_documents(text))
    if openmetrics.looks(start):
        return Recognised(openmetrics.TOOL, lambda asked: openmetrics.read(text, asked))
    return None


def _of_documents(documents: list[object], *, are_lines: bool = False) -> Recognised | None:
    """Return the format of plain values. Lines are results only if every one of them is."""
    rows = nannyml.rows_of(documents[0]) if len(documents) == 1 else []
    if rows:
        return Recognised(nannyml.TOOL, lambda asked: nannyml.read(rows, asked))
    members = list(_flat(documents))
    if members and all(openlineage.looks(one) for one in members):
        events = [mapping(one) for one in members]
        return Recognised(openlineage.TOOL, lambda asked: openlineage.read(events, asked))
    known = [one for one in members if _reader_of(one)]
    if not known or (are_lines and len(known) < len(members)):
        return None
    first = _reader_of(known[0])
    return first and Recognised(first[0], lambda asked: _read_all(members, asked, first[0]))


def _flat(documents: Sequence[object]) -> Iterator[object]:
    """Yield the documents, and the members of lists: JSON's own and Kubernetes'."""
    for one in documents:
        if isinstance(one, list):
            yield from listed(one)
        elif word(mapping(one).get("kind")).endswith("List") and "items" in mapping(one):
            yield from listed(mapping(one).get("items"))
        else:
            yield one


def _reader_of(
    document: object,
) -> tuple[str, Callable[[Document, Asked], Results]] | None:
    for tool, looks, read in _OF_ONE:
        if looks(document):
            return tool, read
    return None


def _read_all(members: Sequence[object], asked: Asked, first: str) -> Results:
    """Return what several documents say together; those of no known kind are named."""
    parts: list[Results] = []
    notes: list[Problem] = []
    for place, member in enumerate(members, start=1):
        reader = _reader_of(member)
        if reader is None:
            kind = word(mapping(member).get("kind")) or type(member).__name__
            notes.append(Problem(f"document {place}", f"It is a {kind[:60]}, which is not read."))
            continue
        parts.append(reader[1](mapping(member), asked))
    observations = tuple(one for part in parts for one in part.observations)
    if len(observations) > MOST:
        sentence = f"The file holds more than {MOST:,} results; split it."
        raise Invalid(sentence)
    told = [note for part in parts for note in part.notes]
    labelled = parts[0].labelled if len(parts) == 1 else Labelled()
    return Results(first, observations, tuple(dict.fromkeys([*told, *notes])), labelled)
