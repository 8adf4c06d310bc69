"""Every write about gates: permission, rules, then the change and its audit row."""

from headway.domain.gates.actions.approvals import answer_approval, request_approvals
from headway.domain.gates.actions.conditions import meet_condition, settle_gates
from headway.domain.gates.actions.decisions import decide_gate, enter_stage
from headway.domain.gates.actions.delegations import delegate_function, revoke_delegation
from headway.domain.gates.actions.gates import change_gate_rules, edit_gate, open_gates
from headway.domain.gates.actions.promotion import refresh_promotions
from headway.domain.gates.actions.queue import take_queue_time
from headway.domain.gates.actions.templates import (
    add_gate_template,
    edit_gate_rules,
    edit_gate_template,
    install_gate_templates,
    remove_requirement,
    set_requirement,
)
from headway.domain.gates.actions.waivers import grant_waiver, revoke_waiver

__all__ = [
    "add_gate_template",
    "answer_approval",
    "change_gate_rules",
    "decide_gate",
    "delegate_function",
    "edit_gate",
    "edit_gate_rules",
    "edit_gate_template",
    "enter_stage",
    "grant_waiver",
    "install_gate_templates",
    "meet_condition",
    "open_gates",
    "refresh_promotions",
    "remove_requirement",
    "request_approvals",
    "revoke_delegation",
    "revoke_waiver",
    "set_requirement",
    "settle_gates",
    "take_queue_time",
]
