"""Every write about gates: permission, rules, then the change and its audit row."""

from headway.domain.gates.actions.gates import change_gate_rules, edit_gate, open_gates
from headway.domain.gates.actions.templates import (
    add_gate_template,
    edit_gate_rules,
    edit_gate_template,
    install_gate_templates,
)

__all__ = [
    "add_gate_template",
    "change_gate_rules",
    "edit_gate",
    "edit_gate_rules",
    "edit_gate_template",
    "install_gate_templates",
    "open_gates",
]
