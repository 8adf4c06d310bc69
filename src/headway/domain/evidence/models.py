"""What evidence remembers: subjects, the append-only records, projections of them, and rules.

Projections (Run, Reading) are disposable: `rebuild` remakes them from the records alone. They are
sliced by when we knew: a row holds from `known_from` until `known_until` (null: still). So are
placements: where a subject belonged is known for every past moment.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Workspace, WorkspaceRow
from headway.domain.programs.models import Project


class RunRule(WorkspaceRow):
    """What a person said once about runs like these: they count for a project, or are scratch.

    A text is a pattern (`*`, `?`, `[ab]`) for the whole name, an empty one asks nothing. `key` is
    the digest of the condition: one condition has one answer.
    """

    key = models.CharField(max_length=12)
    source = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=1_000, blank=True)
    name = models.CharField(max_length=1_000, blank=True)
    tag = models.CharField(max_length=300, blank=True)
    tag_value = models.CharField(max_length=1_000, blank=True)
    subject = models.CharField(max_length=1_000, blank=True)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="run_rules"
    )
    is_scratch = models.BooleanField(default=False)
    order = models.IntegerField(default=0)
    reason = models.TextField(blank=True)
    author = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="run_rule_key"),
            models.CheckConstraint(
                condition=models.Q(is_scratch=True, project__isnull=True)
                | models.Q(is_scratch=False, project__isnull=False),
                name="run_rule_one_answer",
            ),
        ]

    def __str__(self) -> str:
        return "scratch" if self.is_scratch else f"counts for {self.project}"


class Subject(WorkspaceRow):
    """What evidence is about: `kind:name@version`, the project it was placed in, and by whom.

    `claim` is the project its source named, by its address; `claim_by` and `placed_by` are words
    of `rules.placing.PlacedBy`.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True)
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="subjects"
    )
    is_scratch = models.BooleanField(default=False)
    placed_by = models.CharField(max_length=10, blank=True)
    rule = models.ForeignKey(
        RunRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="subjects"
    )
    claim = models.CharField(max_length=600, blank=True)
    claim_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "name", "version"], name="one_subject_each"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "project", "is_scratch"], name="subject_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" + (f"@{self.version}" if self.version else "")


class Placement(WorkspaceRow):
    """Where a subject belonged between two moments; a time without one it waited in the inbox."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="placements")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, related_name="+")
    is_scratch = models.BooleanField(default=False)
    placed_by = models.CharField(max_length=10)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "known_until"], name="placement_by_subject"),
            models.Index(fields=["project", "known_until"], name="placement_by_project"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}: {self.project_id or 'scratch'}"


class Head(models.Model):
    """Where a workspace's ledger stands: locked while records are added."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest[:12]}"


class Record(models.Model):
    """One piece of evidence. Never changed, never deleted; a later one may supersede it."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    observed_at = models.DateTimeField()  # true in the world
    recorded_at = models.DateTimeField()  # we learned it
    valid_until = models.DateTimeField(null=True, blank=True)
    payload = models.TextField()  # canonical JSON (RFC 8785)
    payload_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "sequence"], name="record_sequence"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "kind", "recorded_at"], name="record_by_subject"),
            models.Index(fields=["workspace", "kind", "recorded_at"], name="record_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} of {self.subject_id}"


class Run(models.Model):
    """A training run as we knew it between two moments (projection of `run` records)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="runs")
    record = models.OneToOneField(Record, on_delete=models.CASCADE, related_name="run")
    name = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    parent = models.CharField(max_length=300, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    tags = models.JSONField(default=dict)  # people's own; a tracker's are left out
    is_deleted = models.BooleanField(default=False)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "known_until"], name="run_by_subject"),
            models.Index(fields=["workspace", "known_until", "-started_at"], name="run_recent"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class Reading(models.Model):
    """One number read out of a record: a metric of a run, an evaluation, one of its segments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="readings")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="readings")
    kind = models.CharField(max_length=40)  # run, evaluation
    metric = models.CharField(max_length=300)
    segment = models.CharField(max_length=300, blank=True)
    value = models.FloatField(null=True)  # null: measured, and there is no value
    n = models.BigIntegerField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    dataset = models.CharField(max_length=300, blank=True)
    dataset_digest = models.CharField(max_length=300, blank=True)
    split = models.CharField(max_length=20, blank=True)
    is_estimated = models.BooleanField(default=False)
    context = models.JSONField(default=dict)
    observed_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "metric", "known_until"], name="reading_by_metric"),
            models.Index(fields=["record", "metric"], name="reading_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"
