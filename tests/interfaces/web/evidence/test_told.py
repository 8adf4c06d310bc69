"""Claims about how each kind of record is put into words."""

from __future__ import annotations

import pytest

from headway.domain.evidence.rules.kinds import KINDS, read_payload
from headway.interfaces.web.evidence.told import told

SAMPLES: dict[str, tuple[dict[str, object], str]] = {
    "run": ({"run_id": "a1", "status": "failed", "group": "fraud"}, "a1 in fraud: failed."),
    "metric_series": ({"metric": "loss", "points": []}, "loss: 0 points."),
    "model_version": ({"run_id": "a1"}, "A model version, from run a1."),
    "alias_move": (
        {"model": "m", "alias": "champion", "version": "4", "seen_by": "2026-11-01T00:00:00Z"},
        "@champion of m points to version 4.",
    ),
    "dataset_version": ({"digest": "d", "rows": 1200}, "A version of a dataset: 1,200 rows."),
    "evaluation": ({"metric": "mae", "value": None}, "mae n/a (test)."),
    "check": ({"check": "no nulls", "passed": None}, "no nulls gave no answer."),
    "kpi": (
        {
            "kpi": "wrong readings",
            "value": 310.0,
            "unit": "readings",
            "period_start": "2026-09-01",
            "period_end": "2026-09-30",
        },
        "wrong readings: 310 readings, 2026-09-01 to 2026-09-30.",
    ),
    "cost": (
        {
            "amount": "12.50",
            "currency": "USD",
            "category": "compute",
            "period_start": "2026-11-01",
            "period_end": "2026-11-30",
        },
        "USD 12.50 for compute, 2026-11-01 to 2026-11-30.",
    ),
    "approval": (
        {"function": "legal", "decision": "conditions", "statement": "after review"},
        "Legal approved with conditions: after review",
    ),
    "deployment": (
        {"model": "m", "version": "4", "environment": "edge-7", "target": "edge", "status": "live"},
        "Version 4 of m in edge-7 (edge): live.",
    ),
    "pipeline_run": (
        {"run_id": "p9", "status": "succeeded", "produced": "model:m@4"},
        "Run p9 succeeded, made model:m@4.",
    ),
    "drill": ({"drill": "kill_switch", "passed": None}, "A kill switch drill was broken off."),
    "audit": (
        {"checks": [{"id": "lock", "verdict": "met"}, {"id": "seed", "verdict": "missing"}]},
        "Audit of a repository: 1 of 2 checks met.",
    ),
    "card": ({"card": "model", "completeness": 0.5}, "A model card, 50% complete."),
    "bill": (
        {
            **{
                "provider": "Sample Cloud",
                "account": "a",
                "month": "2026-10",
                "format": "FOCUS 1.0",
            },
            **{"file": "x.csv", "sha256": "0" * 64, "rows": 1200, "totals": [], "charges": []},
        },
        "Bill of Sample Cloud for 2026-10: 1,200 rows.",
    ),
    "annotation_delivery": (
        {"delivery": "d-1", "units": 1085, "guideline": 2},
        "Delivery d-1: 1,085 labels by guideline version 2.",
    ),
    "annotation_adjudication": (
        {"units": 40, "changed": 3},
        "40 labels were adjudicated, 3 of them changed.",
    ),
    "annotation_agreement": (
        {"measure": "alpha", "scale": "nominal", "value": 0.7434, "items": 12},
        "Agreement (alpha): 0.743 over 12 items.",
    ),
    "annotation_differences": (
        {"measure": "labels", "confusions": [{"first": "1", "second": "7", "count": 9}]},
        "Most often taken for each other: 1 and 7 (9 times).",
    ),
    "annotation_inspection": (
        {"inspected": 60, "defects": 6},
        "6 of 60 inspected labels are wrong (all that was delivered).",
    ),
    "annotation_gold": (
        {"annotator": "a-1", "right": 96, "of": 100},
        "96 of 100 gold items are right.",
    ),
    "attestation": (
        {"item": "data-5", "answer": "not_applicable", "role": "privacy", "statement": "no people"},
        "privacy answers not applicable for data-5: no people",
    ),
    "gate_decision": (
        {
            "release": "m/4",
            "stage": "live",
            "outcome": "go_with_conditions",
            "rules": 1,
            "rules_digest": "a",
            "seen_digest": "b",
        },
        "Gate to live of m/4: go, with conditions.",
    ),
    "waiver": (
        {
            "release": "m/4",
            "stage": "live",
            "requirement": "drill",
            "reason": "planned for May",
            "until": "2027-05-31",
        },
        "drill waived until 2027-05-31: planned for May",
    ),
    "incident": (
        {"incident": "i1", "step": "initial_report", "harm": "death", "at": "2026-11-01T00:00:00Z"},
        "Incident i1 (death): initial report.",
    ),
    "note": ({"text": "hello"}, "hello"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_sentence(kind: str) -> None:
    payload, said = SAMPLES[kind]
    assert told(kind, read_payload(kind, payload)).sentence == said


def test_a_kind_of_tomorrow_is_shown_as_it_is() -> None:
    shown = told("novelty", {"size": 1200, "parts": {"a": 0.5}})
    assert shown.facts == [("size", "1,200")]
    assert [row for table in shown.tables for row in table.rows] == [["a", "0.5"]]
