"""What checkins remembers: who was asked, what they answered, and the links that were mailed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.people.models import Person


class CheckIn(WorkspaceRow):
    """One person's week: asked, perhaps reminded, answered. What it changed is plan history.

    `asked_for` is the moment of the person's own week, null where nobody asked. `author` is whose
    hand it was: a member's address, or the person's key "by one-time link". `changes` names the
    versions of work items before and after; `blocked` what it did to the register of blockers.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="check_ins")
    asked_for = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    author = models.CharField(max_length=200, blank=True)
    line = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=list, blank=True)
    blocked = models.JSONField(default=list, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "asked_for"], name="asked_once_a_week"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-asked_at"], name="check_in_asked"),
        ]

    def __str__(self) -> str:
        return f"check-in of {self.person_id}"


class CheckInLink(WorkspaceRow):
    """A one-time link to one check-in and to nothing else: kept as a hash, spent by an answer."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link to {self.check_in_id}"
