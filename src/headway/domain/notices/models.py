"""What notices remembers: who is told of what, whether the mail worked, and how they want it."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.assessments.models import Shift
from headway.domain.gates.models import Gate
from headway.domain.people.models import Person
from headway.domain.sources.models import Source


class Notice(WorkspaceRow):
    """One thing told to one member, or asked of one person on the roster.

    `about` names what is told, so that nobody is told of it twice; `link` is a path below the
    workspace's. A member reads it on the first page; a mail goes out after `mail_after`.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    shift = models.ForeignKey(
        Shift, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=20, default="verdict")
    about = models.CharField(max_length=120)
    sentence = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail_after = models.DateTimeField(null=True, blank=True)  # null: not by mail
    mailed_at = models.DateTimeField(null=True, blank=True)
    tries = models.IntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind", "about"], name="told_once"),
            models.UniqueConstraint(fields=["person", "kind", "about"], name="asked_once"),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, person__isnull=True)
                | models.Q(member__isnull=True, person__isnull=False),
                name="told_to_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "mail_after"],
                name="notice_waiting",
                condition=models.Q(mailed_at__isnull=True, mail_after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} to {self.member_id or self.person_id}"


class CommitStatus(WorkspaceRow):
    """How a gate stands, on its way to the commit that it judged; kept until it was taken."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="+")
    sha = models.CharField(max_length=40)
    context = models.CharField(max_length=100)
    state = models.CharField(max_length=10)  # success, pending, failure
    description = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    send_after = models.DateTimeField(null=True, blank=True)  # null: it is there, or was given up
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.IntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "sha", "context"], name="status_of_commit"),
        ]

    def __str__(self) -> str:
        return f"{self.context} on {self.sha[:12]}: {self.state}"


class Preference(WorkspaceRow):
    """How one member wants to be told. Hours and days are of their own clock."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    hows = models.JSONField(default=dict, blank=True)  # kind → immediate, daily, weekly, none
    time_zone = models.CharField(max_length=60, blank=True)  # "": the workspace's
    mail_at = models.TimeField(default=time(7, 30))
    week_day = models.IntegerField(default=0)  # Monday
    brief_at = models.TimeField(default=time(7, 30))
    quiet_brief = models.BooleanField(default=True)  # a brief in a week when nothing waits, too
    quiet_from = models.TimeField(null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(null=True, blank=True, default=time(7))
    quiet_days = models.JSONField(default=list, blank=True)  # 0 Monday … 6 Sunday
    version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return f"preferences of {self.member_id}"
