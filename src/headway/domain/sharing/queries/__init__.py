"""Every read of sharing: what a link shows to its holder, and which links were given out."""

from headway.domain.sharing.queries.links import (
    AnswerPage,
    DecisionLinkLine,
    answer_page,
    decision_links,
    live_decision_link,
)
from headway.domain.sharing.queries.orders import (
    DispatchLine,
    DraftPage,
    MailLine,
    OrderLine,
    dispatches_of,
    draft_page,
    orders_of,
)
from headway.domain.sharing.queries.shares import (
    OpeningLine,
    ReportLinkLine,
    SharedReport,
    report_links,
)

__all__ = [
    "DispatchLine",
    "DraftPage",
    "MailLine",
    "OrderLine",
    "dispatches_of",
    "draft_page",
    "orders_of",
    "OpeningLine",
    "ReportLinkLine",
    "SharedReport",
    "report_links",
    "AnswerPage",
    "DecisionLinkLine",
    "answer_page",
    "decision_links",
    "live_decision_link",
]
