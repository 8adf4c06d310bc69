"""Every write of evidence: record it, place its subject, remake what was read out of it."""

from headway.domain.evidence.actions.place import place_subject
from headway.domain.evidence.actions.rebuild import rebuild_readings
from headway.domain.evidence.actions.record import Outcome, push_evidence, record_evidence

__all__ = ["Outcome", "place_subject", "push_evidence", "rebuild_readings", "record_evidence"]
