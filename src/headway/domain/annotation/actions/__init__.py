"""Every write of annotation, one atomic function per verb a person says."""

from headway.domain.annotation.actions.receiving import receive_labels
from headway.domain.annotation.actions.telling import (
    batch_subject,
    pilot_subject,
    record_adjudication,
    record_delivery,
    record_gold,
    record_inspection,
)
from headway.domain.annotation.actions.writing import (
    publish_guideline,
    restore_batch,
    restore_guideline,
    restore_pilot,
    set_batch,
    set_guideline,
    set_pilot,
)

__all__ = [
    "batch_subject",
    "pilot_subject",
    "publish_guideline",
    "receive_labels",
    "record_adjudication",
    "record_delivery",
    "record_gold",
    "record_inspection",
    "restore_batch",
    "restore_guideline",
    "restore_pilot",
    "set_batch",
    "set_guideline",
    "set_pilot",
]
