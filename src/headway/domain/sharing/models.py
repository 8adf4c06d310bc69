"""What sharing remembers: which link was given to whom, for what, until when, and its use."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.plans.models import Decision
from headway.domain.programs.models import Program
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


class StandingOrder(WorkspaceRow):
    """A program's pack that goes out by a rhythm: a draft first, or sent by this order."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="orders")
    name = models.CharField(max_length=200)
    audiences = models.JSONField(default=list)  # the first is told in the mail itself
    formats = models.JSONField(default=list)  # attached, or given by the link
    by_link = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=10)  # weekly, monthly
    on_day = models.IntegerField()  # 0 Monday … 6 Sunday, or a day of the month up to 28
    hour = models.TimeField()
    time_zone = models.CharField(max_length=60, blank=True)
    recipients = models.JSONField(default=list)  # [{"name", "email"}]
    sends = models.BooleanField(default=False)  # False: a draft waits for a word
    ordered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Dispatch(WorkspaceRow):
    """One turn of a standing order: the draft as it was composed, and what became of it."""

    order = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="dispatches")
    due_at = models.DateTimeField()
    composed_at = models.DateTimeField()  # its data date
    snapshot = models.TextField()
    problem = models.TextField(blank=True)  # what keeps it from going out
    late_at = models.DateTimeField(null=True, blank=True)  # when it was told that it is late
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "due_at"], name="one_dispatch_each"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} due {self.due_at:%Y-%m-%d}"


class PackMail(Mailed):
    """A sent pack on its way to one recipient."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="mails")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    link = models.ForeignKey(ReportLink, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"pack to {self.email}"
