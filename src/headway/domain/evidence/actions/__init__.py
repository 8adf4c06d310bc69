"""Every write of evidence: record it, place its subject, remake what was read out of it."""

from headway.domain.evidence.actions.place import place_subject, settle_waiting
from headway.domain.evidence.actions.rebuild import rebuild_readings
from headway.domain.evidence.actions.record import Outcome, push_evidence, record_evidence
from headway.domain.evidence.actions.results import PushedResults, push_results
from headway.domain.evidence.actions.run_rules import (
    Ruled,
    remove_run_rule,
    restore_run_rule,
    set_run_rule,
)

__all__ = [
    "Outcome",
    "PushedResults",
    "Ruled",
    "place_subject",
    "push_evidence",
    "push_results",
    "rebuild_readings",
    "record_evidence",
    "remove_run_rule",
    "restore_run_rule",
    "set_run_rule",
    "settle_waiting",
]
