"""What programs remembers: programs, projects, systems, releases, objectives, success criteria."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow


class Program(WorkspaceRow):
    """Several projects answered for by one person: a target, a budget, a currency."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    manager = models.CharField(max_length=200, blank=True)
    sponsor = models.CharField(max_length=200, blank=True)
    target = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    calendar = models.JSONField(default=dict, blank=True)  # as in the plan file; {} = weekdays
    calendars = models.JSONField(default=dict, blank=True)  # by name: of shifts, teams, people
    progress = models.CharField(max_length=20, default="override")  # override, retained
    one_point = models.CharField(max_length=20, default="certain")  # certain, history
    is_sample = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="program_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class System(WorkspaceRow):
    """An ML system: a model or capability that lives, with an owner and a tier."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, blank=True)
    tier = models.CharField(max_length=20, default="standard")  # standard, high
    state = models.CharField(max_length=20, default="building")  # building, live, retired
    is_sample = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="system_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class Project(WorkspaceRow):
    """Work with a plan and a budget that ends, at handover."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="projects")
    system = models.ForeignKey(System, on_delete=models.SET_NULL, null=True, blank=True)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)
    charter = models.JSONField(default=dict, blank=True)  # problem, decision, baseline, errors, …
    order = models.IntegerField(default=0)
    is_sample = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="project_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class StageTemplate(WorkspaceRow):
    """The stages a release goes through, in order; a workspace edits its own."""

    name = models.CharField(max_length=100)
    stages = models.JSONField(default=list)  # [{"id": "frame", "name": "Frame"}, …]
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="stage_template_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Release(WorkspaceRow):
    """A candidate version of a system on its way through the stages."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="releases")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True)
    template = models.ForeignKey(StageTemplate, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    stage = models.CharField(max_length=60)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "name"], name="release_name"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.name}"


class StageMove(WorkspaceRow):
    """A release moved from one stage to another; moving back is normal, and counted."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="moves")
    from_stage = models.CharField(max_length=60)
    to_stage = models.CharField(max_length=60)
    is_back = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.release}: {self.from_stage} → {self.to_stage}"


class Objective(WorkspaceRow):
    """What a program or a project is for, in a sentence that its key results measure."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="objectives")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="objective_key"),
        ]

    def __str__(self) -> str:
        return self.name


class SuccessCriterion(WorkspaceRow):
    """A metric with its direction, start value and target: what was promised of the model.

    `subject` names what the evidence must be about ("model:meter-reading" means any version),
    `basis` whether the estimate itself or the bad end of its interval must reach the target.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="criteria")
    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, blank=True)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="quality")  # quality, latency, throughput, cost
    is_guardrail = models.BooleanField(default=False)
    subject = models.CharField(max_length=400)
    metric = models.CharField(max_length=100)
    direction = models.CharField(max_length=10, default="maximise")  # or minimise
    start_value = models.FloatField(null=True, blank=True)
    target = models.FloatField()
    unit = models.CharField(max_length=30, blank=True)
    segment = models.CharField(max_length=100, blank=True)  # "", "digit=3", or "*" for the worst
    dataset = models.CharField(max_length=200, blank=True)
    split = models.CharField(max_length=20, default="test")
    basis = models.CharField(max_length=20, default="estimate")  # estimate, interval
    minimum_n = models.IntegerField(null=True, blank=True)
    freshness_days = models.IntegerField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    order = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="criterion_key"),
        ]

    def __str__(self) -> str:
        return self.name


class BusinessCase(WorkspaceRow):
    """Why a project is worth it: a metric, the quantities it changes, what they are worth."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="case")
    criterion = models.CharField(max_length=60, blank=True)  # the key of the target metric
    lines = models.JSONField(default=list)  # [{"key", "name", "unit", "start", "at_target", …}]
    running = models.JSONField(null=True, blank=True)  # cost a year, a range
    launch = models.DateField(null=True, blank=True)  # the day that the benefit was to begin
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"business case of {self.project_id}"
