"""What forums remembers: forums, their meetings, what was written down, and feeds of calendars."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.programs.models import Program


class Forum(WorkspaceRow):
    """People who meet again and again about a program; the kind says what the agenda holds."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="forums")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="weekly")  # weekly, steering, change_board
    members = models.JSONField(default=list, blank=True)  # keys of the roster
    first_on = models.DateField()
    hour = models.TimeField()
    time_zone = models.CharField(max_length=60, blank=True)  # "": UTC
    every_weeks = models.IntegerField(default=1)
    minutes = models.IntegerField(default=30)
    place = models.CharField(max_length=300, blank=True)
    organizer = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="forum_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(WorkspaceRow):
    """One time that a forum meets: opening it freezes its agenda, closing it its minutes."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="meetings")
    number = models.IntegerField()
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="planned")  # planned, held, closed
    agenda = models.JSONField(default=dict, blank=True)
    present = models.JSONField(default=list, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    sequence = models.IntegerField(default=0)  # of the invitation (RFC 5545)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["forum", "number"], name="meeting_number"),
        ]

    def __str__(self) -> str:
        return f"{self.forum} {self.number}"


class Minute(WorkspaceRow):
    """A line of a meeting's minutes: a note, or a reference to what landed in its own register."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="lines")
    order = models.IntegerField()
    sort = models.CharField(max_length=20, default="note")
    key = models.CharField(max_length=60, blank=True)  # of what it stands for, in the program
    words = models.TextField(blank=True)  # of a note
    at = models.DateTimeField()
    author = models.CharField(max_length=200)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "order"], name="minute_order"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.key}".strip()


class CalendarFeed(WorkspaceRow):
    """A secret address under which a member's calendar reads their meetings; kept as a hash."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar {self.hint}…"
