"""What progress remembers: how items earn value, and which take their range from evidence.

A removed item leaves its rows behind: it comes back under its old id, and finds them again. The
plan, which lies below, could not bring them back.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.plans.models import WorkItem
from headway.domain.programs.models import SuccessCriterion


class Measure(WorkspaceRow):
    """How a work item earns its planned value."""

    item = models.OneToOneField(
        WorkItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="measure"
    )
    method = models.CharField(max_length=20)  # milestones, all_or_nothing, labels, question, effort
    #: [[what, weight, day reached or None, planned for: a day, a share of the days, None], …]
    steps = models.JSONField(default=list, blank=True)
    order = models.CharField(max_length=60, blank=True)  # labels: key of the purchase order
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.item.key} by {self.method}"


class Follow(WorkspaceRow):
    """A work item whose remaining range is read from evidence: runs, labels, or approvals."""

    item = models.OneToOneField(
        WorkItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="follow"
    )
    what = models.CharField(max_length=20)  # metric, labels, approvals
    criterion = models.ForeignKey(
        SuccessCriterion, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    order = models.CharField(max_length=60, blank=True)  # labels: key of the purchase order
    subject = models.CharField(max_length=400, blank=True)  # approvals: contract:vendor/key
    mode = models.CharField(max_length=10, default="propose")  # propose, apply
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what="metric", criterion__isnull=False)
                | models.Q(what__in=["labels", "approvals"], criterion__isnull=True),
                name="follow_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.key} follows {self.what}"
