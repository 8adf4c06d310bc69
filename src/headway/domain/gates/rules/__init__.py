"""Judgements about gates: what is asked, how a gate stands, templates and their files."""

from headway.domain.gates.rules.requirements import (
    Requirement,
    StageRules,
    TemplateRules,
    approving_functions,
    content_digest,
)
from headway.domain.gates.rules.standing import (
    Assessed,
    GateState,
    Standing,
    WaiverFacts,
    standing,
)

__all__ = [
    "Assessed",
    "GateState",
    "Requirement",
    "Standing",
    "StageRules",
    "TemplateRules",
    "WaiverFacts",
    "approving_functions",
    "content_digest",
    "standing",
]
