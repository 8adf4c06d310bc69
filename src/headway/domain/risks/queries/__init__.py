"""Every read of risks: the registers of risks, assumptions, actions and blockers."""

from headway.domain.risks.queries.actions import (
    action_facts,
    action_named,
    actions_by_program,
    actions_of,
)
from headway.domain.risks.queries.assumptions import (
    assumption_facts,
    assumption_named,
    assumptions_by_program,
    assumptions_of,
)
from headway.domain.risks.queries.blockers import (
    blocker_facts,
    blocker_named,
    blockers_by_program,
    blockers_of,
)
from headway.domain.risks.queries.issues import (
    issue_facts,
    issue_named,
    issues_by_program,
    issues_of,
)
from headway.domain.risks.queries.policy import policies_by_program, policy_facts, policy_of
from headway.domain.risks.queries.risks import (
    OpenOdds,
    RiskVersion,
    open_odds,
    risk_calibration,
    risk_facts,
    risk_named,
    risk_past,
    risks_by_program,
    risks_of,
)

__all__ = [
    "OpenOdds",
    "RiskVersion",
    "open_odds",
    "issue_facts",
    "issue_named",
    "issues_by_program",
    "issues_of",
    "policies_by_program",
    "policy_facts",
    "policy_of",
    "risk_calibration",
    "risk_past",
    "action_facts",
    "action_named",
    "actions_by_program",
    "actions_of",
    "assumption_facts",
    "assumption_named",
    "assumptions_by_program",
    "assumptions_of",
    "blocker_facts",
    "blocker_named",
    "blockers_by_program",
    "blockers_of",
    "risk_facts",
    "risk_named",
    "risks_by_program",
    "risks_of",
]
