"""Every write of the radar: accepting a proposal as a risk, dismissing it, asking again."""

from headway.domain.radar.actions.answering import (
    accept_proposal,
    ask_proposal_again,
    dismiss_proposal,
)

__all__ = ["accept_proposal", "ask_proposal_again", "dismiss_proposal"]
