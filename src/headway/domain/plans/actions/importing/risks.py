"""The risks of a file, and the items they delay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from headway.analysis.schedule.plan import Risk as PlanRisk
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import RiskEffect
from headway.domain.plans.rules.importing import numbers
from headway.domain.programs.actions.rows import add_dated, delete_dated
from headway.domain.risks.actions import set_risk
from headway.domain.risks.models import Risk


def write_risks(job: Import) -> Mapping[UUID, Sequence[str]]:
    """Make or change the file's risks; a key another project uses gets this one's in front.

    Returns the keys of the items that each delays.
    """
    delayed: dict[UUID, Sequence[str]] = {}
    for risk in job.plan.risks:
        key = _risk_key(job, risk.id)
        softer = risk.mitigated
        values: dict[str, object] = {
            "name": risk.name or risk.id,
            "probability": risk.probability,
            "delay": numbers(risk.delay, job.scale),
            "cost": numbers(risk.impact),
            "project": job.project.slug,
            "kind": _kind(risk.delay.most_likely if risk.delay else 0.0),
        }
        if softer is not None:
            values |= {
                "mitigated_probability": softer.probability,
                "mitigated_delay": numbers(softer.delay, job.scale),
                "mitigated_cost": numbers(softer.impact),
                "mitigation_cost": softer.cost,
            }
        values |= _closure(job, risk)
        held = set_risk(job.actor, job.program.slug, key, values, job.at)
        delayed[held.id] = risk.delays
    return delayed


def _closure(job: Import, risk: PlanRisk) -> dict[str, object]:
    """Return the columns of the time that a risk takes out of the calendar."""
    closes = risk.closes
    return {
        "closes_days": numbers(closes.lasts, job.scale) if closes else None,
        "closes_from": closes.first if closes else None,
        "closes_to": closes.last if closes else None,
        "closes_resources": list(closes.resources) if closes else [],
        "closes_items": [f"{job.project.slug}/{key}" for key in closes.items] if closes else [],
    }


def write_effects(
    job: Import, ids: Mapping[str, UUID], delayed: Mapping[UUID, Sequence[str]]
) -> None:
    """Let each risk delay exactly the items that the file says."""
    for risk_id, keys in delayed.items():
        _effects(job, risk_id, {ids[key] for key in keys})


def _risk_key(job: Import, key: str) -> str:
    held = Risk.objects.filter(program_id=job.program.id, key=key).first()
    if held is None or held.project_id == job.project.id:
        return key
    return f"{job.project.slug}-{key}"[:60]


def _effects(job: Import, risk_id: UUID, wanted: set[UUID]) -> None:
    held = {row.item_id: row for row in RiskEffect.objects.filter(risk_id=risk_id)}
    for item_id, row in held.items():
        if item_id not in wanted:
            delete_dated(job.actor, row, job.at)
    fresh = [
        RiskEffect(workspace_id=job.actor.workspace_id, risk_id=risk_id, item_id=item_id)
        for item_id in sorted(wanted - set(held))
    ]
    add_dated(job.actor, RiskEffect, fresh, job.at)


def _kind(most_likely_delay: float) -> str:
    return "opportunity" if most_likely_delay < 0 else "threat"
