"""What finance remembers: budget lines. What was spent is evidence, not typed here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project


class BudgetLine(WorkspaceRow):
    """An amount set aside: for a category of a project, as contingency, or as reserve."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="budget_lines")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, default="budget")  # budget, contingency, reserve
    category = models.CharField(max_length=20, default="other")
    amount_minor = models.BigIntegerField()  # in the program's currency, minor units
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="budget_line_key"),
        ]

    def __str__(self) -> str:
        return self.name
