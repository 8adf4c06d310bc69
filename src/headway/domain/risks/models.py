"""What risks remembers: threats and opportunities, quantified."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project


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
