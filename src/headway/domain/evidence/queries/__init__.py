"""Every read of evidence: takes the actor and `at`, returns frozen values."""

from headway.domain.evidence.queries.export import projection_export
from headway.domain.evidence.queries.facts import (
    CostFacts,
    EvidenceAge,
    LatestRecord,
    Measurement,
    costs_of,
    evidence_ages,
    latest_records,
    measurements_of,
)
from headway.domain.evidence.queries.ledger import (
    LedgerHead,
    RecordLine,
    RecordPage,
    RecordsPage,
    RecordsView,
    SubjectLine,
    chain_break,
    ledger_head,
    record_page,
    records_page,
    unplaced_subjects,
)
from headway.domain.evidence.queries.runs import (
    BestPoint,
    RunLine,
    RunsPage,
    RunsView,
    best_so_far,
    runs_page,
)

__all__ = [
    "BestPoint",
    "CostFacts",
    "EvidenceAge",
    "LatestRecord",
    "LedgerHead",
    "Measurement",
    "RecordLine",
    "RecordPage",
    "RecordsPage",
    "RecordsView",
    "RunLine",
    "RunsPage",
    "RunsView",
    "SubjectLine",
    "best_so_far",
    "chain_break",
    "costs_of",
    "evidence_ages",
    "latest_records",
    "ledger_head",
    "measurements_of",
    "projection_export",
    "record_page",
    "records_page",
    "runs_page",
    "unplaced_subjects",
]
