"""Every write of maturity."""

from headway.domain.maturity.actions.attesting import attest, withdraw_attestation
from headway.domain.maturity.actions.goals import drop_goal, restore_goal, set_goal

__all__ = ["attest", "drop_goal", "restore_goal", "set_goal", "withdraw_attestation"]
