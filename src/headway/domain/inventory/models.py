"""What inventory remembers: only what people say. Everything else is read from the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import System


class _Said(WorkspaceRow):
    """Base of what people say about a thing that evidence names."""

    name = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    said_by = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class ModelEntry(_Said):
    """What people say of a model: whose it is, of which system, at which tier."""

    system = models.ForeignKey(
        System, on_delete=models.SET_NULL, null=True, blank=True, related_name="model_entries"
    )
    tier = models.CharField(max_length=20, blank=True)  # "": the system's
    licence = models.CharField(max_length=200, blank=True)
    change_window = models.CharField(max_length=60, blank=True)  # "mon-thu 08:00-16:00", UTC

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_entry_a_model"),
        ]


class DatasetEntry(_Said):
    """What people say of a dataset: licence, personal data, consent."""

    licence = models.CharField(max_length=200, blank=True)
    personal_data = models.CharField(max_length=20, blank=True)
    consent = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_entry_a_dataset"),
        ]


class PipelineEntry(_Said):
    """What people expect of a pipeline, in hours; null asks nothing."""

    every_hours = models.FloatField(null=True, blank=True)
    within_hours = models.FloatField(null=True, blank=True)
    data_hours = models.FloatField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_entry_a_pipeline"),
        ]
