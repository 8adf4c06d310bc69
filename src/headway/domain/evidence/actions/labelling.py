"""What follows from who labelled which item how: agreement, and accuracy on gold items."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from headway.analysis.agreement import (
    Agreement,
    accuracy_on_gold,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    ratings_of,
)
from headway.connectors.results import Labelled, Results
from headway.observation import Observation


def labelling_observations(results: Results) -> Sequence[Observation]:
    """Return the agreement of a labelling tool's annotators, and their accuracy on its gold items.

    They are about what the file's deliveries are about, as of the newest of them. Agreement is
    nominal: alpha and Fleiss' kappa, and Cohen's where exactly two labelled.
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


def _agreements(labelled: Labelled) -> Iterator[tuple[str, dict[str, object]]]:
    ratings = ratings_of(labelled.items, labelled.raters, labelled.labels)
    found = [krippendorff_alpha(ratings), fleiss_kappa(ratings)]
    if ratings.rater_count == 2:
        found.append(cohen_kappa(ratings))
    for one in found:
        yield "annotation_agreement", agreement_payload(one)


def agreement_payload(found: Agreement) -> dict[str, object]:
    """Return an agreement as the payload of its evidence."""
    names = ("measure", "scale", "value", "low", "high", "observed", "items", "raters", "ratings")
    payload = {name: getattr(found, name) for name in (*names, "method", "sentence")}
    return payload | {"confidence": found.confidence}


def _gold(labelled: Labelled) -> Iterator[tuple[str, dict[str, object]]]:
    rows = zip(labelled.items, labelled.raters, labelled.labels, strict=True)
    gold: dict[Hashable, object] = dict(labelled.gold.items())
    for one in accuracy_on_gold(rows, gold):
        payload: dict[str, object] = {"annotator": one.rater, "right": one.right, "of": one.of}
        yield "annotation_gold", payload
