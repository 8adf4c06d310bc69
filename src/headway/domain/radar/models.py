"""What radar remembers: what somebody said of a proposal. Proposals are worked out anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program
from headway.domain.risks.models import Risk


class RadarAnswer(WorkspaceRow):
    """A proposal of the radar accepted as a risk or dismissed, for the facts it rested on then."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="radar_answers")
    rule = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of the rounded facts
    answer = models.CharField(max_length=20)  # accepted, dismissed
    reason = models.TextField(blank=True)
    risk = models.ForeignKey(Risk, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=200)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program", "rule", "subject"], name="one_radar_answer_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}:{self.subject} {self.answer}"
