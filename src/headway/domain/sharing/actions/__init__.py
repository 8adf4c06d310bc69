"""Every write of sharing: ask by link, answer through one, send what waits."""

from headway.domain.sharing.actions.asking import (
    Asked,
    answer_decision,
    ask_by_link,
    revoke_decision_link,
)
from headway.domain.sharing.actions.sending import send_questions

__all__ = [
    "Asked",
    "answer_decision",
    "ask_by_link",
    "revoke_decision_link",
    "send_questions",
]
