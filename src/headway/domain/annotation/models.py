"""What annotation remembers: guidelines with versions, pilots, batches. Counts are evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project
from headway.domain.vendors.models import PurchaseOrder, Vendor


class Guideline(WorkspaceRow):
    """How annotators are to label something; its words stand in its versions."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="guidelines")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="guideline_key"),
        ]

    def __str__(self) -> str:
        return self.name


class GuidelineVersion(WorkspaceRow):
    """The words of a guideline from a moment on. Never changed: another version is published."""

    guideline = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()
    reason = models.CharField(max_length=500, blank=True)  # why it changed
    is_compatible = models.BooleanField(default=False)  # labels of the version before count still
    compatible_reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guideline", "number"], name="guideline_number"),
        ]

    def __str__(self) -> str:
        return f"{self.guideline_id} version {self.number}"


class Pilot(WorkspaceRow):
    """A small round on items whose labels are known: who may label, by their accuracy."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="pilots")
    vendor = models.ForeignKey(  # whose annotators are tried; before anything is ordered
        Vendor, on_delete=models.SET_NULL, null=True, blank=True, related_name="pilots"
    )
    guideline = models.ForeignKey(
        Guideline, on_delete=models.SET_NULL, null=True, blank=True, related_name="pilots"
    )
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    gold_items = models.IntegerField(null=True, blank=True)
    bar = models.FloatField(default=0.9)  # accuracy that the interval has to show
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="pilot_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(WorkspaceRow):
    """Labels ordered together: how many, by which guideline, and when they are accepted."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="batches")
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="batches"
    )
    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.SET_NULL, null=True, blank=True, related_name="batches"
    )
    guideline = models.ForeignKey(
        Guideline, on_delete=models.SET_NULL, null=True, blank=True, related_name="batches"
    )
    guideline_version = models.IntegerField(null=True, blank=True)  # None: not said
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    promised = models.IntegerField(null=True, blank=True)  # labels
    due = models.DateField(null=True, blank=True)
    a_week = models.FloatField(null=True, blank=True)  # labels agreed for a week
    ramp_weeks = models.IntegerField(default=0)
    overlap = models.FloatField(default=0.0)  # share of items that two or more label
    quotas = models.JSONField(default=dict, blank=True)  # class → labels
    measure = models.CharField(max_length=10, default="alpha")  # MEASURES of the rules
    agreement_floor = models.FloatField(null=True, blank=True)  # None: not asked
    rule = models.CharField(max_length=10, default="bound")  # bound, plan
    bound = models.FloatField(default=0.05)  # most defects, as a share
    confidence = models.FloatField(default=0.95)
    aql = models.FloatField(null=True, blank=True)  # of a plan: the good quality
    ltpd = models.FloatField(null=True, blank=True)  # of a plan: the bad quality
    seed = models.IntegerField(default=0)
    note = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="batch_key"),
        ]

    def __str__(self) -> str:
        return self.name
