"""Deployments of all models: a matrix each, and what was told, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import records_of_kinds
from headway.domain.inventory.queries import reading
from headway.domain.inventory.rules.deployments import (
    Deployment,
    Matrix,
    Placed,
    history_of,
    matrix,
    placed_now,
)


@dataclass(frozen=True, slots=True)
class ModelMatrix:
    """A model's versions by environments."""

    model: str
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class DeploymentsPage:
    """Where everything runs; `placed` is the same as rows, `told` the history."""

    models: Sequence[ModelMatrix]
    placed: Sequence[Placed]
    told: Sequence[Deployment]


def deployments_page(actor: Actor, at: datetime | None = None) -> DeploymentsPage:
    """Return where every model runs, as known at `at`; one query."""
    rows = records_of_kinds(actor, ("deployment",), at)
    told = [reading.deployment(row) for row in rows]
    placed = placed_now(told)
    names = sorted({one.deployment.model for one in placed})
    return DeploymentsPage(
        models=[
            ModelMatrix(name, matrix(one for one in placed if one.deployment.model == name))
            for name in names
        ],
        placed=placed,
        told=history_of(told),
    )
