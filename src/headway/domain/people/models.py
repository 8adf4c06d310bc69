"""What people remembers: the roster, and the resources that work draws on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program


class Person(WorkspaceRow):
    """Somebody on the roster, who need not be able to sign in.

    The last fields say when they are asked to check in: empty ones are as usual.
    """

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=60, blank=True)  # "": the workspace's
    check_in_day = models.IntegerField(null=True, blank=True)  # 0 Monday … 6 Sunday
    check_in_at = models.TimeField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)  # the day they are back
    is_asked = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="person_key"),
        ]

    def __str__(self) -> str:
        return self.name


class WorkingTime(WorkspaceRow):
    """When somebody on the roster works: their week, what it becomes, and when they are away."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="working_time")
    schedule = models.JSONField(default=dict, blank=True)  # {}: whenever the work's calendar does
    changes = models.JSONField(default=list, blank=True)  # [[day, schedule from then on], …]
    absences = models.JSONField(default=list, blank=True)  # [[first day, last day], …]
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"of {self.person.key}"


class Resource(WorkspaceRow):
    """What a work item needs: people by role, or a compute pool, with capacity and rate."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="resources")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, default="people")  # people, compute
    capacity = models.FloatField()
    rate_micros = models.BigIntegerField(default=0)  # per hour, millionths of the currency
    steps = models.JSONField(default=list, blank=True)  # [[day, capacity from then on], …]
    calendar = models.CharField(max_length=100, blank=True)  # "": the program's
    skills = models.JSONField(default=list, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "name"], name="resource_name"),
        ]

    def __str__(self) -> str:
        return self.name
