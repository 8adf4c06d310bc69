"""Every write of compliance: permission, rules, the change and its audit row."""

from headway.domain.compliance.actions.cards import (
    record_card,
    restore_card_words,
    write_card,
)
from headway.domain.compliance.actions.dpia import answer_dpia, write_dpia
from headway.domain.compliance.actions.incidents import (
    edit_incident,
    open_incident,
    take_incident_step,
)
from headway.domain.compliance.actions.law import (
    answer_law,
    restore_answer,
    set_duty,
    withdraw_answer,
)

__all__ = [
    "answer_dpia",
    "answer_law",
    "edit_incident",
    "open_incident",
    "record_card",
    "restore_answer",
    "restore_card_words",
    "set_duty",
    "take_incident_step",
    "withdraw_answer",
    "write_card",
    "write_dpia",
]
