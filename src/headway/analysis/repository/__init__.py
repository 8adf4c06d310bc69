"""A repository as evidence: what is there, what really runs, what is missing. Nothing is run."""

from headway.analysis.repository.answer import VERSION, Audit, Finding
from headway.analysis.repository.auditing import audit, audit_tree
from headway.analysis.repository.catalogue import CATALOGUE, Severity
from headway.analysis.repository.rules import Rules, parse_rules

__all__ = [
    "CATALOGUE",
    "VERSION",
    "Audit",
    "Finding",
    "Rules",
    "Severity",
    "audit",
    "audit_tree",
    "parse_rules",
]
