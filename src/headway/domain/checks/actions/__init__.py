"""Every write of monitors: set, run, hold against, decide, propose."""

from headway.domain.checks.actions.monitors import (
    add_monitor,
    edit_monitor,
    remove_monitor,
    restore_monitor,
)
from headway.domain.checks.actions.proposing import (
    accept_retraining,
    dismiss_retraining,
    reopen_retraining,
)
from headway.domain.checks.actions.running import (
    ReferenceDraft,
    ask_due,
    ask_reference,
    ask_run,
    cancel_run,
    drain_checks,
    reference_now,
    run_check,
    run_now,
)
from headway.domain.checks.actions.tables import (
    drop_connection,
    drop_upload,
    keep_upload,
    set_connection,
)
from headway.domain.checks.actions.trials import amend_trial, decide_trial, lock_trial, set_trial

__all__ = [
    "ReferenceDraft",
    "accept_retraining",
    "add_monitor",
    "amend_trial",
    "ask_due",
    "ask_reference",
    "ask_run",
    "cancel_run",
    "decide_trial",
    "dismiss_retraining",
    "drain_checks",
    "drop_connection",
    "drop_upload",
    "edit_monitor",
    "keep_upload",
    "lock_trial",
    "reference_now",
    "remove_monitor",
    "reopen_retraining",
    "restore_monitor",
    "run_check",
    "run_now",
    "set_connection",
    "set_trial",
]
