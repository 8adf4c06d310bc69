"""What follows from who labelled which item how: agreement, and accuracy on gold items."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from headway.analysis.agreement import (
    THRESHOLD,
    Agreement,
    Differences,
    Drawn,
    Judged,
    Ratings,
    Region,
    RegionAgreement,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    label_differences,
    labels_on_gold,
    ratings_of,
    region_agreement,
    regions_on_gold,
)
from headway.connectors.results import Labelled, Mark, Results
from headway.observation import Observation

_Payload = dict[str, object]
_NAME = 200


def labelling_observations(results: Results) -> Sequence[Observation]:
    """Return the agreement of a labelling tool's annotators, and their accuracy on its gold items.

    They are about what the file's deliveries are about, as of the newest of them. Of classes
    agreement is nominal: alpha and Fleiss' kappa, and Cohen's where exactly two labelled. Of
    regions it is by overlap, and so is accuracy.
    """
    told = [one for one in results.observations if one.kind == "annotation_delivery"]
    if not told or not results.labelled.items:
        return []
    newest = max(told, key=lambda one: one.observed_at)
    payloads = [*_agreements(results.labelled), *_gold(results.labelled)]
    return [
        Observation(
            newest.subject, kind, newest.source, newest.observed_at, payload, project=newest.project
        )
        for kind, payload in payloads
    ]


def _agreements(labelled: Labelled) -> Iterator[tuple[str, _Payload]]:
    ratings = ratings_of(labelled.items, labelled.raters, labelled.labels)
    found = [krippendorff_alpha(ratings), fleiss_kappa(ratings)]
    if ratings.rater_count == 2:
        found.append(cohen_kappa(ratings))
    for one in found:
        yield "annotation_agreement", agreement_payload(one)
    if labelled.marks:
        marked = region_agreement(_drawn(labelled))
        yield "annotation_agreement", _region_payload(marked)
        yield from _differences("regions", marked.differences)
    else:
        yield from _differences("labels", _label_differences(labelled, ratings))


def _label_differences(labelled: Labelled, ratings: Ratings) -> Differences:
    return label_differences(ratings, tuple(sorted(set(labelled.raters))))


def agreement_payload(found: Agreement) -> _Payload:
    """Return an agreement as the payload of its evidence."""
    names = ("measure", "scale", "value", "low", "high", "observed", "items", "raters", "ratings")
    payload = {name: getattr(found, name) for name in (*names, "method", "sentence")}
    return payload | {"confidence": found.confidence}


def _region_payload(found: RegionAgreement) -> _Payload:
    names = ("threshold", "regions", "matched", "overlap", "same_class")
    left = f" {found.left_out:,} pairs were left out." if found.left_out else ""
    payload = agreement_payload(found.alpha)
    payload["sentence"] = f"{payload['sentence']}{left}"
    return payload | {name: getattr(found, name) for name in names}


def _differences(measure: str, found: Differences) -> Iterator[tuple[str, _Payload]]:
    """Yield where annotators differ, where two labelled anything."""
    if not found.raters:
        return
    lines = {
        name: [{"name": one.name[:_NAME], "said": one.said, "agreed": one.agreed} for one in some]
        for name, some in (("classes", found.classes), ("annotators", found.raters))
    }
    pairs = [
        {"first": one.first[:_NAME], "second": one.second[:_NAME], "count": one.count}
        for one in found.confusions
    ]
    yield "annotation_differences", {"measure": measure, **lines, "confusions": pairs}


def _gold(labelled: Labelled) -> Iterator[tuple[str, _Payload]]:
    for one in _judged(labelled):
        payload: _Payload = {"annotator": one.rater, "right": one.right, "of": one.of}
        if labelled.marks:
            payload |= {"items": one.items, "effective": one.effective, "overlap": one.overlap}
            payload["threshold"] = THRESHOLD
        payload["confusions"] = [
            {"first": pair.first[:_NAME], "second": pair.second[:_NAME], "count": pair.count}
            for pair in one.confusions
        ]
        yield "annotation_gold", payload


def _judged(labelled: Labelled) -> Sequence[Judged]:
    """Return each annotator against gold: of regions by overlap, else by class."""
    if labelled.marks:
        gold = [
            Drawn(item, "", _regions(marks)) for item, marks in sorted(labelled.gold_marks.items())
        ]
        return regions_on_gold(_drawn(labelled), gold)
    rows = zip(labelled.items, labelled.raters, labelled.labels, strict=True)
    known: dict[Hashable, object] = dict(labelled.gold.items())
    return labels_on_gold(rows, known)


def _drawn(labelled: Labelled) -> Iterator[Drawn]:
    rows = zip(labelled.items, labelled.raters, labelled.marks, strict=True)
    return (Drawn(item, rater, _regions(marks)) for item, rater, marks in rows)


def _regions(marks: Sequence[Mark]) -> Sequence[Region]:
    return [Region(one.label, one.points, one.place) for one in marks]
