"""What sharing remembers: which link was given to whom, for what, until when, and its use."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.plans.models import Decision
from headway.domain.reports.models import Report


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


class ReportLink(WorkspaceRow):
    """A link by which whoever holds it reads one frozen report, in the formats that were chosen."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    whom = models.CharField(max_length=200)
    audience = models.CharField(max_length=20)
    vendor = models.CharField(max_length=200, blank=True)
    formats = models.JSONField(default=list)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link for {self.whom} to {self.report_id}"


class LinkOpening(WorkspaceRow):
    """A link to a report was opened: when and as what; from where is not kept."""

    link = models.ForeignKey(ReportLink, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField()
    form = models.CharField(max_length=10)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "form", "-at"], name="opening_latest")]

    def __str__(self) -> str:
        return f"{self.form} of {self.link_id} at {self.at:%Y-%m-%d %H:%M}"
