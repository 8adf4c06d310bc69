"""What stakeholders remembers: promises to and from other teams and vendors."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program


class Promise(WorkspaceRow):
    """What another team or vendor gives us, or we give them, by a day. Tied to items in `plans`."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="promises")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)  # what is promised
    direction = models.CharField(max_length=10, default="get")  # get, give
    giver = models.CharField(max_length=200, blank=True)
    taker = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200, blank=True)  # who of ours looks after it
    needed_by = models.DateField(null=True, blank=True)  # None: as the plan says
    promised = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(default=False)
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, kept, broken, withdrawn
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="promise_key"),
        ]

    def __str__(self) -> str:
        return self.name
