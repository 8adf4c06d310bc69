"""What gates remembers: templates, rules by version, gates of releases, asks, waivers, decisions.

A verdict is never stored here: it is worked out from evidence and rules at a moment. What is stored
is what people did, and the version of the rules and the digest of what they saw when they did it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.plans.models import WorkItem
from headway.domain.programs.models import Release


class GateTemplate(WorkspaceRow):
    """Which stages of a kind of release are gated, and what is asked there by tier of risk."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    made_for = models.CharField(max_length=20)  # tabular, vision, forecasting, language, any
    is_light = models.BooleanField(default=False)  # pre-approved: routine retraining
    is_retired = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="gate_template_key"),
        ]

    def __str__(self) -> str:
        return self.name


class GateRules(WorkspaceRow):
    """One version of a template's rules; never changed, the database refuses to."""

    template = models.ForeignKey(GateTemplate, on_delete=models.PROTECT, related_name="rules")
    number = models.IntegerField()
    content = models.JSONField()  # {"stages": {stage: {"requirements": [Requirement, …], …}}}
    digest = models.CharField(max_length=64)
    author = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "number"], name="gate_rules_number"),
        ]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"


class Gate(WorkspaceRow):
    """What stands before a release entering a stage. `rules` are those it is judged by.

    `round` counts how often it was gone through again (recycle). `subject` is the version of the
    model that is judged (`model:name@v`); empty: the newest that is known of the system.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="gates")
    stage = models.CharField(max_length=60)  # the stage to enter
    rules = models.ForeignKey(GateRules, on_delete=models.PROTECT, related_name="gates")
    subject = models.CharField(max_length=400, blank=True)
    milestone = models.ForeignKey(
        WorkItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="gates"
    )  # what waits in the plan until it opens
    owner = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    round = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "stage"], name="one_gate_a_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.stage}"


class ApprovalRequest(WorkspaceRow):
    """A function is asked to approve a gate; the time until it answers is the queue time."""

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="requests")
    round = models.IntegerField()
    function = models.CharField(max_length=20)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    for_member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    decision = models.CharField(max_length=20, blank=True)  # approved, conditions, refused
    statement = models.TextField(blank=True)
    seen = models.JSONField(default=dict, blank=True)  # what was seen when it was answered
    seen_digest = models.CharField(max_length=64, blank=True)
    record = models.BigIntegerField(null=True, blank=True)  # its place in the ledger
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gate", "round", "function"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_request_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} for {self.gate_id}"


class Delegation(WorkspaceRow):
    """For a time, somebody answers for a function in another's place."""

    function = models.CharField(max_length=20)
    giver = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    is_revoked = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.function} until {self.ends}"


class Waiver(WorkspaceRow):
    """A requirement set aside until a day: a debt, laid over its verdict, and never green."""

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="waivers")
    requirement = models.CharField(max_length=60)
    owner = models.CharField(max_length=200)
    reason = models.TextField()
    compensating = models.JSONField(default=list, blank=True)  # places in the ledger
    until = models.DateField()
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    record = models.BigIntegerField(null=True, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.requirement} until {self.until}"


class GateDecision(WorkspaceRow):
    """What was decided at a gate in a round; never changed, the database refuses to."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="decisions")
    round = models.IntegerField()
    outcome = models.CharField(max_length=20)  # go, go_with_conditions, hold, recycle, kill
    reason = models.TextField(blank=True)
    rules = models.ForeignKey(GateRules, on_delete=models.PROTECT, related_name="+")
    seen = models.JSONField()  # the assessment as it was seen: verdicts, values, records
    seen_digest = models.CharField(max_length=64)
    subject = models.CharField(max_length=400, blank=True)  # the version that was let through
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    by_user = models.UUIDField(null=True, blank=True)  # no foreign key: the row never changes
    record = models.BigIntegerField(null=True, blank=True)
    serial = models.IntegerField(default=1)  # a hold may be followed by a go in the same round

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gate", "round", "serial"], name="decision_serial"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.gate_id}"


class Condition(WorkspaceRow):
    """What a go was bound to: owed by a day, met by evidence or said to be met by a person."""

    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="conditions")
    key = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    owner = models.CharField(max_length=200, blank=True)
    due = models.DateField()
    requirement = models.CharField(max_length=60, blank=True)  # met when this is; else by a person
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.CharField(max_length=200, blank=True)
    statement = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "key"], name="condition_key"),
        ]

    def __str__(self) -> str:
        return self.text
