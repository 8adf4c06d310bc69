"""What installation remembers: what each tick did, for `doctor` and the trust page."""

from __future__ import annotations

from django.db import models


class Tick(models.Model):
    """One turn of the worker: when, how long, what came of it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    seconds = models.FloatField()
    outcome = models.JSONField(default=dict)
    failure = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"tick at {self.at:%Y-%m-%d %H:%M}"
