"""Builders of the files that other tools write, and what a reader says of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from headway.connectors.results import AUTO, Asked, Results, read_results
from headway.domain.evidence.rules import read_payload

CASES = Path(__file__).parents[2] / "cases/results"
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SUBJECT = "model:fraud@7"


def said(content: object, subject: str = SUBJECT, named: str = AUTO) -> Results:
    """Return what a file says; every payload is one that the ledger takes."""
    text = content if isinstance(content, str) else json.dumps(content)
    results = read_results(text, Asked(AT, subject), named)
    assert results is not None, "the format is not known"
    for one in results.observations:
        read_payload(one.kind, one.payload)
    return results


def case(name: str, subject: str = SUBJECT) -> Results:
    """Return what a file that the tool itself wrote says."""
    return said((CASES / name).read_text(), subject)


def checks(results: Results) -> dict[str, tuple[bool | None, str]]:
    """Return (passed, raw) of each check by its name; the last of a name stands."""
    return {
        str(one.payload["check"]): (one.payload["passed"], str(one.payload["raw"]))  # type: ignore[misc]
        for one in results.observations
        if one.kind == "check"
    }


def numbers(results: Results) -> dict[str, float | None]:
    """Return the value of each evaluation by its metric."""
    return {
        str(one.payload["metric"]): one.payload["value"]  # type: ignore[misc]
        for one in results.observations
        if one.kind == "evaluation"
    }


def sentence(results: Results, check: str) -> str:
    """Return the sentence of a check."""
    found = [one.payload for one in results.observations if one.payload.get("check") == check]
    return str(found[-1]["sentence"])


def argo(*metrics: dict[str, Any], phase: str = "Successful", **spec: Any) -> dict[str, Any]:
    """Return an AnalysisRun; each metric is its result, with its rule under `rule`."""
    results = [{key: value for key, value in metric.items() if key != "rule"} for metric in metrics]
    rules = [{"name": metric["name"], **metric.get("rule", {})} for metric in metrics]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AnalysisRun",
        "metadata": {
            "name": "fraud-7-2",
            "namespace": "ml",
            "labels": {"rollouts-pod-template-hash": "6bf7"},
            "ownerReferences": [{"kind": "Rollout", "name": "fraud"}],
        },
        "spec": {"metrics": rules, **spec},
        "status": {
            "phase": phase,
            "completedAt": "2026-11-22T10:00:00Z",
            "metricResults": results,
        },
    }


def metric(name: str = "errors", phase: str = "Successful", **counts: Any) -> dict[str, Any]:
    """Return one metric's result of an AnalysisRun."""
    total = sum(counts.get(key, 0) for key in ("successful", "failed", "inconclusive", "error"))
    return {"name": name, "phase": phase, "count": total, **counts}
