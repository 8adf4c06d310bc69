"""Every read of gates: takes the actor and `at`, returns frozen values."""

from headway.domain.gates.queries.answers import (
    GateAnswer,
    GateListed,
    GateQuestion,
    answer_of,
    gate_answer,
    gate_check,
    gates_listed,
)
from headway.domain.gates.queries.approvals import approvals_waiting, delegations_of
from headway.domain.gates.queries.calendar import gate_calendar
from headway.domain.gates.queries.costs import failed_gates
from headway.domain.gates.queries.decisions import conditions_owed
from headway.domain.gates.queries.desk import gate_desk
from headway.domain.gates.queries.holding import held_up
from headway.domain.gates.queries.pages import (
    GateStanding,
    RequirementLine,
    gate_asked,
    gate_page,
    gate_standings,
    judged_row,
    project_gates,
    seen_content,
)
from headway.domain.gates.queries.promotion import (
    PromotionLine,
    StandingAlarm,
    promotion_lines,
    standing_alarms,
)
from headway.domain.gates.queries.queue import queue_times_of
from headway.domain.gates.queries.rows import (
    GateRow,
    gate_rows,
    rules_numbered,
    template_named,
    templates_of,
)
from headway.domain.gates.queries.waivers import waivers_page

__all__ = [
    "failed_gates",
    "GateAnswer",
    "GateListed",
    "GateQuestion",
    "GateRow",
    "GateStanding",
    "PromotionLine",
    "RequirementLine",
    "StandingAlarm",
    "answer_of",
    "approvals_waiting",
    "conditions_owed",
    "delegations_of",
    "gate_answer",
    "gate_asked",
    "gate_calendar",
    "gate_check",
    "gate_desk",
    "gate_page",
    "gate_rows",
    "gate_standings",
    "held_up",
    "gates_listed",
    "judged_row",
    "project_gates",
    "promotion_lines",
    "queue_times_of",
    "rules_numbered",
    "seen_content",
    "standing_alarms",
    "template_named",
    "templates_of",
    "waivers_page",
]
