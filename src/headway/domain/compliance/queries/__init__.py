"""Every read of compliance: takes the actor and the moment as of which to look."""

from headway.domain.compliance.queries.dpia import DpiaPage, dpia_page, dpias_of
from headway.domain.compliance.queries.incidents import (
    IncidentLine,
    incident_named,
    incidents_of,
    running_clocks,
    steps_of,
)
from headway.domain.compliance.queries.law import (
    AI_ACT,
    DPIA,
    AnswerFacts,
    ObligationLine,
    SystemLaw,
    ai_act_class_of,
    ai_act_of,
    all_systems_law,
    earlier_answers,
    obligation_lines,
    system_law,
)

__all__ = [
    "AI_ACT",
    "DPIA",
    "AnswerFacts",
    "DpiaPage",
    "IncidentLine",
    "ObligationLine",
    "SystemLaw",
    "ai_act_class_of",
    "ai_act_of",
    "all_systems_law",
    "dpia_page",
    "dpias_of",
    "earlier_answers",
    "incident_named",
    "incidents_of",
    "obligation_lines",
    "running_clocks",
    "steps_of",
    "system_law",
]
