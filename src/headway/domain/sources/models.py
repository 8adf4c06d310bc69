"""What sources remembers: connections, cursors, what trackers told, the deliveries already seen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Project


class Source(WorkspaceRow):
    """A connection to another system, read only. Its secrets are encrypted at rest."""

    name = models.SlugField(max_length=60)
    kind = models.CharField(max_length=30)  # mlflow, prometheus, jira, github, gitlab
    url = models.CharField(max_length=500)
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True)
    options = models.JSONField(default=dict, blank=True)  # experiment globs, series globs
    secret = models.BinaryField(null=True, blank=True)  # encrypted; dropped when the host changes
    webhook_secret = models.BinaryField(null=True, blank=True)
    cursor = models.JSONField(default=dict, blank=True)
    is_enabled = models.BooleanField(default=True)
    every_minutes = models.IntegerField(default=15)
    wanted_at = models.DateTimeField(null=True, blank=True)  # somebody asked: at the next tick
    synced_at = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)
    failures_in_a_row = models.IntegerField(default=0)
    # Of a tracker only: how its items become a plan, and how far its plan is behind.
    mapping = models.JSONField(
        default=dict, blank=True
    )  # WorkMapping as JSON; {}: not imported yet
    notes = models.JSONField(default=list, blank=True)  # how the last reading was understood
    follows = models.BooleanField(default=False)  # what changes there changes the plan by itself
    changed_at = models.DateTimeField(null=True, blank=True)  # what was read and is not imported
    imported_at = models.DateTimeField(null=True, blank=True)
    import_failure = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="source_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceItem(WorkspaceRow):
    """An item of work as a tracker told it last; `brought` is what the last import made of it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=300)
    place = models.IntegerField()  # in order of first reading
    row = models.JSONField(null=True, blank=True)  # WorkRow as JSON; null: it could not be read
    reason = models.TextField(blank=True)  # why it could not be read
    read_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    brought = models.JSONField(null=True, blank=True)
    brought_before = models.JSONField(null=True, blank=True)
    brought_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="source_item_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(WorkspaceRow):
    """A webhook delivery already seen: the same id again changes nothing."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="deliveries")
    delivery_id = models.CharField(max_length=100)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "delivery_id"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return self.delivery_id
