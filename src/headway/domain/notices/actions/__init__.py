"""Every write of notices: telling members, sending what waits, and choosing how one is told."""

from headway.domain.notices.actions.asks import tell_check_ins, tell_questions
from headway.domain.notices.actions.briefs import tell_briefs
from headway.domain.notices.actions.gates import tell_gates
from headway.domain.notices.actions.invite import invite_to_meeting
from headway.domain.notices.actions.law import tell_law
from headway.domain.notices.actions.mails import send_notices
from headway.domain.notices.actions.preferences import set_preferences, stop_mails
from headway.domain.notices.actions.radar import tell_radar
from headway.domain.notices.actions.reopen import tell_reopenings
from headway.domain.notices.actions.risks import tell_appetites, tell_crossings, tell_escalations
from headway.domain.notices.actions.statuses import send_statuses, tell_statuses
from headway.domain.notices.actions.talk import tell_changes, tell_comments
from headway.domain.notices.actions.tell import read_notices, tell_member
from headway.domain.notices.actions.watch import tell_decisions, tell_reports, tell_shifts

__all__ = [
    "invite_to_meeting",
    "read_notices",
    "send_notices",
    "send_statuses",
    "set_preferences",
    "stop_mails",
    "tell_appetites",
    "tell_briefs",
    "tell_changes",
    "tell_check_ins",
    "tell_comments",
    "tell_crossings",
    "tell_decisions",
    "tell_escalations",
    "tell_gates",
    "tell_law",
    "tell_member",
    "tell_questions",
    "tell_radar",
    "tell_reopenings",
    "tell_reports",
    "tell_shifts",
    "tell_statuses",
]
