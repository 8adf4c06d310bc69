"""What sharing remembers: which link was given to whom, for what, until when, and its use."""

from __future__ import annotations

from django.db import models

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.plans.models import Decision


class Mailed(WorkspaceRow):
    """Base of what goes out by mail: when it may, whether it did, and what stood in its way."""

    mail_after = models.DateTimeField(null=True, blank=True)  # null: not by mail
    mailed_at = models.DateTimeField(null=True, blank=True)
    tries = models.IntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        abstract = True


class DecisionLink(Mailed):
    """A one-time link by which somebody named, with or without an account, answers a decision."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    version = models.IntegerField()  # of the decision, when it was asked
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link for {self.name} to {self.decision_id}"
