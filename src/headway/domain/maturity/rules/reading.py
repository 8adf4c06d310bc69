"""Turns records into facts: the fields that probes ask for, runs joined to what they made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from headway.domain.assessments.rules import Assessment, Evidence, Verdict
from headway.domain.evidence.rules import readings_in
from headway.domain.inventory.rules.reproducibility import RunFacts, reproducibility
from headway.domain.maturity.rules.facts import Attested, Fact
from headway.domain.programs.rules import CriterionFacts

#: The kinds of evidence that some probe reads.
KINDS_READ = (
    "alias_move",
    "approval",
    "attestation",
    "audit",
    "check",
    "dataset_version",
    "deployment",
    "drill",
    "evaluation",
    "gate_decision",
    "model_version",
    "pipeline_run",
    "run",
)

#: Tags that say what a run was for.
_ROLE = ("headway.role", "purpose")

#: Success criteria about speed or memory.
_SPEED = ("latency", "throughput")


def fields_of(
    kind: str, source: str, payload: Mapping[str, Any], monitors: Mapping[str, str]
) -> Mapping[str, object]:
    """Return a payload's fields with what follows from them. `monitors` are kinds by key."""
    match kind:
        case "run":
            return _run(payload)
        case "evaluation":
            return {**payload, "has_value": payload["value"] is not None}
        case "check":
            rows = payload.get("rows")
            passed = None if rows == 0 else payload["passed"]
            monitor = monitors.get(str(payload["check"])) if source == "headway" else None
            return {**payload, "passed": passed, "source": source, "monitor": monitor}
        case _:
            return payload


def _run(payload: Mapping[str, Any]) -> Mapping[str, object]:
    metrics, tags = payload["metrics"], payload["tags"]
    return {
        "run_id": payload["run_id"],
        "status": "deleted" if payload["deleted"] else payload["status"],
        "params": payload["params"],
        "metrics": metrics,
        "tags": tags,
        "datasets": payload["datasets"],
        "commit": payload["commit"],
        "role": next((tags[name] for name in _ROLE if tags.get(name)), None),
        "finite": all(value is not None for value in metrics.values()) if metrics else None,
    }


def joined_to_runs(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts, each model version with the commit and the numbers of the run behind it.

    Whether that run could be made again follows as a fact of its own, by the inventory's rule.
    """
    runs: dict[object, Fact] = {}
    for fact in sorted(facts, key=lambda one: (one.observed_at, one.record)):
        if fact.kind == "run":
            runs[fact.fields["run_id"]] = fact
    for fact in facts:
        if fact.kind != "model_version":
            yield fact
            continue
        run = runs.get(fact.fields.get("run_id"))
        told = {name: run.fields[name] if run else None for name in ("commit", "finite")}
        yield replace(fact, fields={**fact.fields, **told})
        if run is not None:
            yield _reproduced(fact, run, runs.values())


def _reproduced(version: Fact, run: Fact, runs: Iterable[Fact]) -> Fact:
    made = _as_inventory(run)
    alike = [one for one in runs if one.fields["commit"] == run.fields["commit"]]
    found = reproducibility(made, [_as_inventory(one) for one in alike]).whole
    said = found.verdict if found.verdict in (Verdict.MET, Verdict.UNMET) else None
    record = found.records[-1] if found.records else run.record
    return Fact(record, version.subject, "reproduction", {"verdict": said}, run.observed_at)


def _as_inventory(run: Fact) -> RunFacts:
    """Return a run as the inventory's rule reads it."""
    told: Mapping[str, Any] = run.fields
    data = sorted(
        (str(one["name"]), str(one["digest"] or ""), str(one["context"] or ""))
        for one in told["datasets"]
    )
    return RunFacts(
        record=run.record,
        subject=run.subject,
        run_id=str(told["run_id"]),
        status=str(told["status"]),
        commit=str(told["commit"] or ""),
        params=told["params"],
        metrics=told["metrics"],
        tags=told["tags"],
        data=tuple(data),
    )


def promised(
    judged: Iterable[tuple[str, CriterionFacts, Assessment]], at: datetime
) -> Iterator[Fact]:
    """Yield what the promises about segments and speed say; `judged` comes with the project."""
    for project, criterion, found in judged:
        about = "segment" if criterion.segment else "speed" if criterion.kind in _SPEED else ""
        if not about:
            continue
        said = found.verdict if found.verdict in (Verdict.MET, Verdict.UNMET) else None
        fields = {"about": about, "verdict": said, "metric": criterion.metric}
        record = found.records[0] if found.records else 0
        subject = f"{about}-promise:{project}/{criterion.key}"
        yield Fact(record, subject, "promise", fields, at)


def attested_of(fact: Fact) -> Attested:
    """Return a person's word as the ledger holds it."""
    told: Mapping[str, Any] = fact.fields
    return Attested(
        record=fact.record,
        item=told["item"],
        answer=told["answer"],
        role=told["role"],
        statement=told["statement"],
        link=told["link"],
        done_on=date.fromisoformat(told["done_on"]) if told["done_on"] else None,
        by_ref=told["by_ref"],
        observed_at=fact.observed_at,
        valid_until=fact.valid_until,
    )


def measured_in(fact: Fact, payload: Mapping[str, object], metrics: set[str]) -> Iterator[Evidence]:
    """Yield the measurements of a record that some promise is about."""
    if fact.kind not in ("run", "evaluation"):
        return
    for one in readings_in(fact.kind, payload):
        if one.metric not in metrics:
            continue
        yield Evidence(
            record=fact.record,
            subject=fact.subject,
            kind=one.kind,
            metric=one.metric,
            segment=one.segment,
            value=one.value,
            observed_at=fact.observed_at,
            n=one.n,
            low=one.low,
            high=one.high,
            dataset=one.dataset,
            split=one.split,
            is_estimated=one.is_estimated,
            valid_until=fact.valid_until,
        )
