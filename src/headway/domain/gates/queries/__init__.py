"""Every read of gates: takes the actor and `at`, returns frozen values."""

from headway.domain.gates.queries.pages import (
    GateStanding,
    RequirementLine,
    gate_asked,
    gate_page,
    gate_standings,
    judged_row,
    project_gates,
    seen_content,
)
from headway.domain.gates.queries.rows import (
    GateRow,
    gate_rows,
    rules_numbered,
    template_named,
    templates_of,
)

__all__ = [
    "GateRow",
    "GateStanding",
    "RequirementLine",
    "gate_asked",
    "gate_page",
    "gate_rows",
    "gate_standings",
    "judged_row",
    "project_gates",
    "rules_numbered",
    "seen_content",
    "template_named",
    "templates_of",
]
