"""What assessments remembers: the moments a verdict changed, and what people said beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project


class Shift(WorkspaceRow):
    """A verdict or level changed. `told_at` null: the notices have not gone out yet."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="shifts")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    dimension = models.CharField(max_length=20)
    criterion = models.CharField(max_length=60, blank=True)
    old_verdict = models.CharField(max_length=20, blank=True)
    old_level = models.CharField(max_length=20, blank=True)
    new_verdict = models.CharField(max_length=20)
    new_level = models.CharField(max_length=20)
    sentence = models.TextField()
    rule = models.CharField(max_length=100)
    records = models.JSONField(default=list)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "at"], name="shift_recent"),
            models.Index(
                fields=["workspace"],
                name="shift_untold",
                condition=models.Q(told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.old_verdict} → {self.new_verdict}"


class Judgement(WorkspaceRow):
    """A person's own words beside a computed status, or an override with reason and end."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="judgements")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    dimension = models.CharField(max_length=20)
    level = models.CharField(max_length=20, blank=True)  # "": words only
    words = models.TextField()
    until = models.DateField(null=True, blank=True)
    author = models.CharField(max_length=200)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(level="") | models.Q(until__isnull=False),
                name="an_override_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.words[:40]}"
