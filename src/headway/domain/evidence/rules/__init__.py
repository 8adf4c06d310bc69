"""Judgements about evidence: what each kind must hold, what is the same, what was read out."""

from headway.domain.evidence.rules.kinds import KINDS, STATE_KINDS, read_payload, state_of
from headway.domain.evidence.rules.lines import Defaults, Refusal, read_lines
from headway.domain.evidence.rules.readings import ReadingFacts, readings_in

__all__ = [
    "Defaults",
    "KINDS",
    "STATE_KINDS",
    "ReadingFacts",
    "Refusal",
    "read_lines",
    "read_payload",
    "readings_in",
    "state_of",
]
