"""What a control may ask of evidence: the kinds, their fields, and what tells series apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Askable:
    """A kind of evidence that answers controls.

    `about` is the kind of subject every one of which has to speak; empty: whoever ever spoke.
    `series` are the fields that part the records of one subject into series, each of which has a
    newest; `items` is the list whose members an ask may name by `id`.
    """

    fields: tuple[str, ...]
    about: str = ""
    series: tuple[str, ...] = ()
    items: str = ""
    item_id: str = ""
    item_fields: tuple[str, ...] = ()


ASKABLE: Mapping[str, Askable] = {
    "approval": Askable(("function", "decision"), series=("function",)),
    "attestation": Askable(("item", "answer", "role", "link"), series=("item",)),
    "audit": Askable(
        ("commit", "ml_test_score", "version"),
        items="checks",
        item_id="id",
        item_fields=("verdict",),
    ),
    "card": Askable(
        ("card", "completeness", "format"),
        series=("card",),
        items="sections",
        item_id="name",
        item_fields=("verdict",),
    ),
    "check": Askable(
        ("check", "dimension", "passed", "severity", "standing"), "dataset", ("check",)
    ),
    "dataset_version": Askable(("licence", "personal_data", "consent", "source"), "dataset"),
    "deployment": Askable(
        ("environment", "target", "status", "commit"), series=("environment", "target")
    ),
    "drill": Askable(("drill", "passed", "environment", "seconds"), series=("drill",)),
    "evaluation": Askable(
        ("metric", "value", "low", "high", "n", "dataset", "dataset_digest", "split", "estimated"),
        "model",
        ("metric", "dataset", "split"),
    ),
    "gate_decision": Askable(("stage", "outcome"), series=("release", "stage")),
    "incident": Askable(("step", "harm"), series=("incident",)),
    "model_version": Askable(("status", "run_id", "source"), "model"),
    "pipeline_run": Askable(("status", "commit", "trigger"), series=()),
}


def known_fields(kind: str, *, is_item: bool) -> tuple[str, ...]:
    """Return the fields that an ask of this kind may name."""
    askable = ASKABLE[kind]
    return (*askable.fields, *askable.item_fields) if is_item else askable.fields
