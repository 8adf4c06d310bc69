"""Every read of monitors, their runs, experiments and proposals: frozen values."""

from headway.domain.checks.queries.monitors import (
    MonitorLine,
    MonitorPage,
    monitor_named,
    monitor_page,
    monitor_verdicts,
    monitors_page,
)
from headway.domain.checks.queries.references import (
    ReferenceLine,
    reference_of,
    references_of,
    stored_reference,
)
from headway.domain.checks.queries.retraining import proposal_named, retraining_proposals
from headway.domain.checks.queries.runs import (
    ColumnHistory,
    ColumnPicture,
    HistoryRow,
    RunLine,
    RunPage,
    column_history,
    column_picture,
    run_page,
    runs_of,
    segments_weakest_first,
)
from headway.domain.checks.queries.tables import (
    ConnectionLine,
    UploadLine,
    connection_named,
    connections_of,
    uploads_of,
)
from headway.domain.checks.queries.trials import TrialPage, looks_of, trial_of, trial_page

__all__ = [
    "ColumnHistory",
    "ColumnPicture",
    "ConnectionLine",
    "HistoryRow",
    "MonitorLine",
    "MonitorPage",
    "ReferenceLine",
    "RunLine",
    "RunPage",
    "TrialPage",
    "UploadLine",
    "column_history",
    "column_picture",
    "connection_named",
    "connections_of",
    "looks_of",
    "monitor_named",
    "monitor_page",
    "monitor_verdicts",
    "monitors_page",
    "proposal_named",
    "reference_of",
    "references_of",
    "retraining_proposals",
    "run_page",
    "runs_of",
    "segments_weakest_first",
    "stored_reference",
    "trial_of",
    "trial_page",
    "uploads_of",
]
