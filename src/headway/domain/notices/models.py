"""What notices remembers: who is told of which shift, and whether it worked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.assessments.models import Shift


class Notice(WorkspaceRow):
    """One shift told to one member: on the first page, and by mail where mail is set up."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="notices")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail_after = models.DateTimeField(null=True, blank=True)  # null: not by mail
    mailed_at = models.DateTimeField(null=True, blank=True)
    tries = models.IntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "shift"], name="told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} to {self.member_id}"
