"""What reports remembers: frozen packs and the decks they are laid out on.

A frozen report is never changed or deleted; a template that one was laid out on is kept.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program


def executive_only() -> list[str]:
    """Return for whom reports were before there were packs."""
    return ["executive"]


class DeckTemplate(WorkspaceRow):
    """A user's own deck, whose named places are filled. Its content never changes."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    data = models.BinaryField()
    size = models.IntegerField()
    places = models.JSONField(default=list)
    unknown = models.JSONField(default=list)
    is_default = models.BooleanField(default=False)
    author = models.CharField(max_length=200)
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(retired_at__isnull=True),
                name="template_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(WorkspaceRow):
    """A pack: one frozen truth with its data date and the ledger's head, told to its audiences."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="reports")
    number = models.IntegerField()
    audiences = models.JSONField(default=executive_only)
    vendors = models.JSONField(default=list)
    data_date = models.DateTimeField()
    schema = models.IntegerField(default=1)
    snapshot = models.TextField()  # canonical JSON; every format is drawn from this alone
    snapshot_digest = models.CharField(max_length=64)
    ledger_head = models.CharField(max_length=100)
    reason = models.TextField(blank=True)  # why a judgement greener than the evidence is told
    template = models.ForeignKey(
        DeckTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    author = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "number"], name="report_number"),
        ]

    def __str__(self) -> str:
        return f"report {self.number}"
