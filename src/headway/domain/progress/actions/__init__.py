"""Every write of progress: how items earn, what they follow, and taking over what evidence says."""

from headway.domain.progress.actions.following import follow_evidence, take_proposal
from headway.domain.progress.actions.settings import (
    clear_follow,
    clear_measure,
    put_back_follow,
    put_back_measure,
    set_follow,
    set_measure,
)

__all__ = [
    "clear_follow",
    "clear_measure",
    "follow_evidence",
    "put_back_follow",
    "put_back_measure",
    "set_follow",
    "set_measure",
    "take_proposal",
]
