"""Every write of risks: setting, closing and putting back what the registers hold."""

from headway.domain.risks.actions.actions import (
    close_action,
    reopen_action,
    restore_action,
    set_action,
)
from headway.domain.risks.actions.assumptions import (
    contradict_assumption,
    reopen_assumption,
    restore_assumption,
    set_assumption,
    settle_assumption,
)
from headway.domain.risks.actions.blockers import (
    reopen_blocker,
    resolve_blocker,
    restore_blocker,
    set_blocker,
)
from headway.domain.risks.actions.issues import (
    reopen_issue,
    resolve_issue,
    restore_issue,
    set_issue,
)
from headway.domain.risks.actions.policy import set_risk_policy
from headway.domain.risks.actions.risks import close_risk, occur_risk, restore_risk, set_risk

__all__ = [
    "contradict_assumption",
    "close_action",
    "close_risk",
    "occur_risk",
    "reopen_issue",
    "resolve_issue",
    "restore_issue",
    "set_issue",
    "set_risk_policy",
    "reopen_action",
    "reopen_assumption",
    "reopen_blocker",
    "resolve_blocker",
    "restore_action",
    "restore_assumption",
    "restore_blocker",
    "restore_risk",
    "set_action",
    "set_assumption",
    "set_blocker",
    "set_risk",
    "settle_assumption",
]
