"""What risks remembers: risks, quantified; issues, assumptions, actions and blockers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project, SuccessCriterion


class Risk(WorkspaceRow):
    """Something that may happen, once, with a delay and a cost. Tied to items in `plans`."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="risks")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, default="threat")  # threat, opportunity
    owner = models.CharField(max_length=200, blank=True)
    next_action = models.CharField(max_length=300, blank=True)
    review_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, occurred, closed
    probability = models.FloatField()
    delay = models.JSONField(null=True, blank=True)  # [optimistic, most likely, pessimistic] days
    cost = models.JSONField(null=True, blank=True)  # the same in the program's currency
    mitigated_probability = models.FloatField(null=True, blank=True)
    mitigated_delay = models.JSONField(null=True, blank=True)
    mitigated_cost = models.JSONField(null=True, blank=True)
    mitigation_cost_minor = models.BigIntegerField(default=0)
    is_mitigated = models.BooleanField(default=False)  # the response is being carried out
    closes_days = models.JSONField(null=True, blank=True)  # range of days that nobody works
    closes_from = models.DateField(null=True, blank=True)  # they fall between these two days
    closes_to = models.DateField(null=True, blank=True)
    closes_resources = models.JSONField(default=list, blank=True)  # names; empty: everything stops
    closes_items = models.JSONField(default=list, blank=True)  # addresses, project/key; as above
    cause = models.CharField(max_length=500, blank=True)
    event = models.CharField(max_length=500, blank=True)
    effect = models.CharField(max_length=500, blank=True)
    category = models.CharField(max_length=20, blank=True)
    strategy = models.CharField(max_length=20, blank=True)  # avoid, reduce, …; exploit, enhance, …
    response = models.TextField(blank=True)
    trigger = models.CharField(max_length=500, blank=True)  # by what one notices that it comes
    assumption = models.CharField(max_length=60, blank=True)  # key of what it rests on
    stage = models.CharField(max_length=20, default="identified")  # how far an open one is
    escalated_to = models.CharField(max_length=200, blank=True)
    origin = models.JSONField(default=dict, blank=True)  # {"rule", "subject", "facts"} of the radar
    ended_at = models.DateTimeField(null=True, blank=True)  # occurred or closed
    said = models.JSONField(default=dict, blank=True)  # what was said before: rules.Said
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="risk_key"),
            models.CheckConstraint(
                condition=models.Q(probability__gte=0, probability__lte=1),
                name="risk_probability",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RiskPolicy(WorkspaceRow):
    """What a program tolerates of one risk, and where its matrix is cut. Shares are 0 to 1."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="risk_policy")
    appetite_days = models.FloatField(null=True, blank=True)  # working days at P80
    appetite_minor = models.BigIntegerField(null=True, blank=True)  # money at P80
    chance_bounds = models.JSONField()
    days_bounds = models.JSONField()  # shares of the program's working days
    money_bounds = models.JSONField()  # shares of its budget
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"risk policy of {self.program_id}"


class Issue(WorkspaceRow):
    """What has happened and has to be dealt with: a risk that occurred, or something else."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="issues")
    risk = models.ForeignKey(
        Risk, on_delete=models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    days = models.FloatField(null=True, blank=True)  # working days that it adds, as estimated
    money_minor = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, resolved
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="issue_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Action(WorkspaceRow):
    """Something that somebody has to do by a day; the source says what it came from."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="actions")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    source_kind = models.CharField(max_length=20, blank=True)  # decision, blocker, risk, forum, …
    source_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, done, dropped
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="action_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Blocker(WorkspaceRow):
    """What stands in the way of work since a day. Tied to items in `plans`."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="blockers")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    waits_for = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    escalation = models.JSONField(default=list, blank=True)  # [{"who", "after_days"}], ascending
    state = models.CharField(max_length=20, default="open")  # open, resolved
    resolution = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="blocker_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Assumption(WorkspaceRow):
    """What is taken to be true, what rests on it, and the criterion by which it is watched."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="assumptions")
    criterion = models.ForeignKey(
        SuccessCriterion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    rests_on_it = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)
    bound = models.FloatField(null=True, blank=True)  # None: the criterion's own target
    review_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, held, failed
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)  # by evidence, after it had held
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="assumption_key"),
        ]

    def __str__(self) -> str:
        return self.name
