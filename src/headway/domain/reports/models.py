"""What reports remembers: frozen documents. A frozen report is never changed or deleted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program


class Report(WorkspaceRow):
    """One audience's view of an assessment, frozen with its data date and the ledger's head."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="reports")
    number = models.IntegerField()
    audience = models.CharField(max_length=20)
    data_date = models.DateTimeField()
    snapshot = models.TextField()  # canonical JSON; every format is drawn from this alone
    snapshot_digest = models.CharField(max_length=64)
    ledger_head = models.CharField(max_length=100)
    author = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "number"], name="report_number"),
        ]

    def __str__(self) -> str:
        return f"{self.audience} report {self.number}"
