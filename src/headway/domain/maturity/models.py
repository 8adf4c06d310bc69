"""What maturity remembers: goals. Answers and levels are never stored: they are worked out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Project, System


class MaturityGoal(WorkspaceRow):
    """A level or score that a system is to reach by a day, and the work items made for it.

    `steps` are [{"criterion", "item", "by_hand"}, …], an item as its project/key.
    """

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="maturity_goals")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="maturity_goals")
    key = models.SlugField(max_length=60)
    model = models.CharField(max_length=20)
    column = models.CharField(max_length=20, blank=True)
    target = models.FloatField()
    due = models.DateField(null=True, blank=True)
    steps = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "key"], name="maturity_goal_key"),
        ]

    def __str__(self) -> str:
        return self.key
