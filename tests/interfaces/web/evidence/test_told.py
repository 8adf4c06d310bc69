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
