"""What checks remembers: monitors, what they are held against, their runs, what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.programs.models import Project


class Connection(WorkspaceRow):
    """A database that monitors read. Its password is encrypted at rest."""

    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20)  # duckdb, postgres
    address = models.CharField(max_length=500)  # a path below an allowed folder; host:port/db?user
    secret = models.BinaryField(null=True, blank=True)  # encrypted; dropped when the host changes
    made_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="connection_key"),
        ]

    def __str__(self) -> str:
        return self.key


class Upload(WorkspaceRow):
    """A table's file, kept in the data folder under this row's id, known by its digest."""

    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "digest", "file_name"], name="upload_once"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Monitor(WorkspaceRow):
    """A check that runs again and again: what it looks at, when, and how it alerts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="monitors")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    dimension = models.CharField(max_length=20)
    subject = models.CharField(max_length=550)  # kind:name@version
    table = models.JSONField(default=dict)  # upload, path, or connection and table
    more_tables = models.JSONField(default=dict, blank=True)  # by role: train, control
    settings = models.JSONField(default=dict, blank=True)
    rhythm = models.JSONField(default=dict, blank=True)  # hours, or days and hour; {}: when asked
    alert_after = models.IntegerField(default=2)  # bad runs in a row
    clear_after = models.IntegerField(default=2)  # good runs in a row
    owner = models.CharField(max_length=200, blank=True)
    commit = models.CharField(max_length=100, blank=True)  # of the code that made what is watched
    is_enabled = models.BooleanField(default=True)
    is_removed = models.BooleanField(default=False)  # its runs stay, so that it can come back
    made_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="monitor_key"),
        ]

    def __str__(self) -> str:
        return self.name


class ReferenceData(WorkspaceRow):
    """What is stored of the data that a monitor is held against; never changed, only followed."""

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="references")
    number = models.IntegerField()
    stored = models.JSONField()  # edges, centre, scale, partial histograms: the analysis' own
    table = models.JSONField(default=dict)  # whose data it was
    digest = models.CharField(max_length=100, blank=True)  # of that data
    rows = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["monitor", "number"], name="reference_number"),
        ]

    def __str__(self) -> str:
        return f"reference {self.number} of {self.monitor_id}"


class CheckRun(WorkspaceRow):
    """One run of a monitor: asked for, done by the worker, and what it found."""

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="runs")
    number = models.IntegerField()
    cause = models.CharField(max_length=20, default="asked")  # asked, due, reference
    asked_by = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, default="waiting")
    attempts = models.IntegerField(default=0)
    at = models.DateTimeField()  # when it was asked for: the moment its evidence is of
    changed_at = models.DateTimeField()  # by the clock
    reference = models.ForeignKey(ReferenceData, on_delete=models.SET_NULL, null=True, blank=True)
    table = models.JSONField(default=dict, blank=True)  # what was read
    verdict = models.CharField(max_length=20, blank=True)
    word = models.CharField(max_length=40, blank=True)  # the analysis' own: drifted, keep running
    value = models.FloatField(null=True, blank=True)
    bound = models.CharField(max_length=100, blank=True)
    rule = models.TextField(blank=True)
    n = models.BigIntegerField(null=True, blank=True)
    rows_bad = models.BigIntegerField(null=True, blank=True)
    sentence = models.TextField(blank=True)
    digest = models.CharField(max_length=100, blank=True)  # of the data
    engine = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict, blank=True)  # columns, segments, effects, notes
    pictures = models.JSONField(default=list, blank=True)  # the two distributions of each column
    answer = models.JSONField(default=dict, blank=True)  # of a job that failed: what refused it
    stand = models.CharField(max_length=10, blank=True)  # how the monitor stood after this run
    bad_in_a_row = models.IntegerField(default=0)
    good_in_a_row = models.IntegerField(default=0)
    record = models.BigIntegerField(null=True, blank=True)  # the ledger's sequence
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["monitor", "number"], name="check_run_number"),
            models.UniqueConstraint(
                fields=["monitor"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_open_run_each",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "at"], name="check_run_state"),
            models.Index(fields=["monitor", "-at"], name="check_run_latest"),
        ]

    def __str__(self) -> str:
        return f"run {self.number} of {self.monitor_id}"


class TrialPlan(WorkspaceRow):
    """The plan of an online experiment: locked before the first look, and what was decided."""

    monitor = models.OneToOneField(Monitor, on_delete=models.CASCADE, related_name="trial")
    question = models.CharField(max_length=500)
    plan = models.JSONField(default=dict)  # PLAN_FIELDS; of a locked one by amendment only
    digest = models.CharField(max_length=100, blank=True)  # of the plan as it was locked
    state = models.CharField(max_length=10, default="draft")  # draft, locked, decided
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    seen = models.JSONField(default=dict, blank=True)  # the look that stood when it was decided
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.question


class TrialAmendment(WorkspaceRow):
    """A change of a locked plan, with its reason and how many looks had been taken by then."""

    trial = models.ForeignKey(TrialPlan, on_delete=models.CASCADE, related_name="amendments")
    number = models.IntegerField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    looks = models.IntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trial", "number"], name="amendment_number"),
        ]

    def __str__(self) -> str:
        return f"amendment {self.number} of {self.trial_id}"


class RetrainingProposal(WorkspaceRow):
    """An alert on a model proposes to train it anew; a person accepts or dismisses it."""

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="proposals")
    run = models.ForeignKey(CheckRun, on_delete=models.SET_NULL, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    subject = models.CharField(max_length=550)
    sentence = models.TextField()
    record = models.BigIntegerField(null=True, blank=True)  # the evidence it rests on
    work = models.JSONField(default=dict)  # {"add": address, "fields", "needs", "after", "before"}
    range_words = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="open")  # open, accepted, dismissed
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    item = models.CharField(max_length=200, blank=True)  # address of the work it became
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="retraining_key"),
            models.UniqueConstraint(
                fields=["workspace", "subject"],
                condition=models.Q(state="open"),
                name="one_open_retraining",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
