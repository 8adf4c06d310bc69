"""The datasheet of a dataset: what its records tell, and what people wrote."""

from __future__ import annotations

from collections.abc import Iterator

from headway.analysis.cards import DATASET_SECTIONS
from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.cards import phrases
from headway.domain.compliance.rules.cards.evidence import DatasetEvidence
from headway.domain.compliance.rules.cards.paragraphs import (
    CardDocument,
    CardSection,
    Paragraph,
    known,
    outdated,
    planned,
    said,
    unknown,
)
from headway.domain.compliance.rules.cards.places import DATASET_PLACES


def datasheet(dataset: DatasetEvidence) -> CardDocument:
    """Return the datasheet of a dataset's newest version."""
    write = {
        "composition": _composition,
        "collection": _collection,
        "preprocessing": _preprocessing,
        "uses": _uses,
        "distribution": _distribution,
        "maintenance": _maintenance,
    }
    sections = tuple(
        CardSection(
            one.key,
            one.title,
            one.asks,
            (*_place(dataset, one.key), *write.get(one.key, _nothing)(dataset)),
        )
        for one in DATASET_SECTIONS
    )
    newest = dataset.versions[0] if dataset.versions else None
    version = f"@{newest.version}" if newest and newest.version else ""
    front = [("license", newest.licence)] if newest and newest.licence else []
    return CardDocument(
        kind="dataset",
        about=f"dataset:{dataset.name}{version}",
        title=f"Datasheet: {dataset.name}",
        at=dataset.at,
        sections=sections,
        front=tuple(front),
    )


def _place(dataset: DatasetEvidence, key: str) -> tuple[Paragraph, ...]:
    asked = DATASET_PLACES[key]
    return said(key, asked.label, asked.asks, dataset.words.get(key), dataset.at)


def _nothing(_: DatasetEvidence) -> Iterator[Paragraph]:
    yield from ()


def _composition(dataset: DatasetEvidence) -> Iterator[Paragraph]:
    for data in dataset.versions[:1]:
        held = (data.record,)
        yield known("extent", "Newest version", phrases.extent(data), dataset.at, records=held)
        if data.personal_data:
            told = phrases.personal(data)
            yield known("personal", "Personal data", told, dataset.at, records=held)
        else:
            yield unknown("personal", "Personal data", "whether it holds personal data")
    if not dataset.versions:
        yield unknown("extent", "Newest version", "any version of it")
    for check in dataset.checks:
        told = f"{check.name}: {check.sentence}"
        key = f"check-{check.name}"
        if check.verdict is Verdict.STALE:
            yield outdated(key, "Check", told, "", check.records)
        else:
            yield known(key, "Check", told, dataset.at, records=check.records)


def _collection(dataset: DatasetEvidence) -> Iterator[Paragraph]:
    for data in dataset.versions[:1]:
        held = (data.record,)
        if data.source:
            told = f"From {data.source}, recorded {phrases.day(data.observed_at)}."
            yield known("source", "Source", told, dataset.at, records=held)
        else:
            yield unknown("source", "Source", "where it comes from")
        if data.personal_data not in ("", "none"):
            if data.consent:
                told = f"{data.consent}."
                yield known("consent", "Consent", told, dataset.at, records=held)
            else:
                yield unknown("consent", "Consent", "the consent of those in it")


def _preprocessing(dataset: DatasetEvidence) -> Iterator[Paragraph]:
    for data in dataset.versions[:1]:
        if data.description:
            told = f"{data.description.rstrip('.')}."
            yield known("description", "As recorded", told, dataset.at, records=(data.record,))


def _uses(dataset: DatasetEvidence) -> Iterator[Paragraph]:
    for subject, records in dataset.used_by:
        told = f"The run behind {subject} used it."
        yield known(f"used-{subject}", "Used by", told, dataset.at, records=records)


def _distribution(dataset: DatasetEvidence) -> Iterator[Paragraph]:
    for data in dataset.versions[:1]:
        if data.licence:
            told = f"Licence: {data.licence}."
            yield known("licence", "Licence", told, dataset.at, records=(data.record,))
        else:
            yield unknown("licence", "Licence", "its licence")


def _maintenance(dataset: DatasetEvidence) -> Iterator[Paragraph]:
    if dataset.owner:
        told = f"{dataset.owner} answers for it."
        yield planned("owner", "Owner", told)
    else:
        yield unknown("owner", "Owner", "who answers for it")
    if len(dataset.versions) > 1:
        first, last = dataset.versions[-1], dataset.versions[0]
        told = (
            f"{len(dataset.versions)} versions, from {phrases.day(first.observed_at)} to "
            f"{phrases.day(last.observed_at)}."
        )
        records = [one.record for one in dataset.versions]
        yield known("versions", "Versions", told, dataset.at, records=records)
