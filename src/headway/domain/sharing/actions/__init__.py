"""Every write of sharing: ask by link, answer through one, send what waits."""

from headway.domain.sharing.actions.asking import (
    Asked,
    answer_decision,
    ask_by_link,
    revoke_decision_link,
)
from headway.domain.sharing.actions.orders import (
    end_order,
    order_pack,
    run_orders,
    send_dispatch,
)
from headway.domain.sharing.actions.sending import send_packs, send_questions
from headway.domain.sharing.actions.shares import (
    Shared,
    open_shared,
    open_shared_file,
    revoke_report_link,
    share_report,
)

__all__ = [
    "end_order",
    "order_pack",
    "run_orders",
    "send_dispatch",
    "send_packs",
    "Shared",
    "open_shared",
    "open_shared_file",
    "revoke_report_link",
    "share_report",
    "Asked",
    "answer_decision",
    "ask_by_link",
    "revoke_decision_link",
    "send_questions",
]
