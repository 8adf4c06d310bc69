"""What compliance remembers: policies by version, packs and answers; the law, duties, incidents.

Packs that Headway ships are files; a verdict is never stored. Attestations are evidence.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, System


class Policy(WorkspaceRow):
    """A framework of the workspace's own; what it asks stands in its versions."""

    key = models.SlugField(max_length=50)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="policy_key"),
        ]

    def __str__(self) -> str:
        return self.title


class PolicyVersion(WorkspaceRow):
    """A policy as it was written; never changed, the database refuses to.

    It holds from `effective_from` until the next version does.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()  # the pack file, as written
    digest = models.CharField(max_length=64)
    effective_from = models.DateField()
    author = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"


class PackAssignment(WorkspaceRow):
    """A system, a program or the whole workspace is held to a pack."""

    pack = models.CharField(max_length=80)  # the pack's id
    system = models.ForeignKey(System, on_delete=models.CASCADE, null=True, blank=True)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    assigned_by = models.CharField(max_length=200)
    assigned_at = models.DateTimeField()
    is_ended = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pack", "system"],
                condition=models.Q(system__isnull=False),
                name="pack_once_a_system",
            ),
            models.UniqueConstraint(
                fields=["pack", "program"],
                condition=models.Q(program__isnull=False),
                name="pack_once_a_program",
            ),
            models.UniqueConstraint(
                fields=["workspace", "pack"],
                condition=models.Q(system__isnull=True, program__isnull=True),
                name="pack_once_a_workspace",
            ),
            models.CheckConstraint(
                condition=models.Q(system__isnull=True) | models.Q(program__isnull=True),
                name="pack_assigned_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.pack


class ControlAnswer(WorkspaceRow):
    """Whether a control applies, and how it is answered: what was said, by whom, and why."""

    assignment = models.ForeignKey(PackAssignment, on_delete=models.CASCADE, related_name="answers")
    control = models.CharField(max_length=60)
    way = models.CharField(max_length=20, default="as_asked")  # or by_attestation, not_applicable
    reason = models.TextField(blank=True)
    author = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "control"], name="control_answered_once"),
        ]

    def __str__(self) -> str:
        return self.control


class LawAnswer(WorkspaceRow):
    """What somebody answered to a question of the law about a system, and why.

    A changed answer keeps the former in its history; of a system and a question there is one.
    """

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="law_answers")
    law = models.CharField(max_length=20)  # ai_act, dpia, dpia_document
    question = models.CharField(max_length=60)
    value = models.JSONField()
    rationale = models.TextField(blank=True)
    author = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "law", "question"], name="one_answer_each"),
        ]

    def __str__(self) -> str:
        return f"{self.law} {self.question}"


class Duty(WorkspaceRow):
    """How a system stands to one obligation: whose it is, and what shows that it is met."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="duties")
    obligation = models.CharField(max_length=60)
    owner = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, done, not_applicable
    rationale = models.TextField(blank=True)
    records = models.JSONField(default=list, blank=True)  # places in the ledger
    done_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    author = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "duties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "obligation"], name="one_duty_each"),
        ]

    def __str__(self) -> str:
        return self.obligation


class Incident(WorkspaceRow):
    """A serious incident of a system: when we became aware, and when it was reported."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="incidents")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    harm = models.CharField(max_length=30)  # serious, death, widespread, critical_infrastructure
    owner = models.CharField(max_length=200, blank=True)
    aware_at = models.DateTimeField()
    initial_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="incident_key"),
        ]

    def __str__(self) -> str:
        return self.title


class CardText(WorkspaceRow):
    """What people wrote for a place of a card, and until when it need not be looked at again."""

    about = models.CharField(max_length=320)  # model:name, dataset:name, system:slug
    place = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    review_by = models.DateField(null=True, blank=True)
    author = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "about", "place"], name="one_text_each"),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.place}"
