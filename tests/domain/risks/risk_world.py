"""A risk as a frozen value, for rules that need no database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.domain.risks.rules import RiskFacts

_HELD: dict[str, Any] = {
    "id": UUID(int=1),
    "workspace_id": UUID(int=2),
    "program_id": UUID(int=3),
    "project_id": None,
    "key": "R1",
    "name": "Vendor late",
    "kind": "threat",
    "owner": "",
    "next_action": "",
    "review_on": None,
    "state": "open",
    "probability": 0.3,
    "delay": (2, 5, 15),
    "cost": None,
    "mitigated_probability": None,
    "mitigated_delay": None,
    "mitigated_cost": None,
    "mitigation_cost": Decimal(0),
    "is_mitigated": False,
    "closes_days": None,
    "closes_from": None,
    "closes_to": None,
    "closes_resources": (),
    "closes_items": (),
    "version": 1,
}


def a_risk(**fields: Any) -> RiskFacts:  # noqa: ANN401
    """Return a threat of five days or so, with other `fields`."""
    return RiskFacts(**{**_HELD, **fields})
