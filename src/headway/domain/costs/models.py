"""What costs remembers: bills and their charges (projected from records), and the rules.

Bills, charges and their origins are disposable: `rebuild_bills` remakes them from the ledger. A
bill holds from `known_from` until `known_until`: a corrected one of its period takes its place.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.evidence.models import Record


class Bill(WorkspaceRow):
    """What a provider charged an account for a month, as one record tells it."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, related_name="bill")
    provider = models.CharField(max_length=300)
    account = models.CharField(max_length=300, blank=True)
    month = models.DateField()  # its first day
    format = models.CharField(max_length=300)
    file = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    refused = models.BigIntegerField(default=0)
    totals = models.JSONField(default=list)  # exact, by charge category and currency
    notes = models.JSONField(default=list)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "known_until", "month"], name="bill_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.account} {self.month:%Y-%m}"


class Origin(WorkspaceRow):
    """What charges are for, as bills tell it: the same every month, so rules ask it once."""

    provider = models.CharField(max_length=300)
    account = models.CharField(max_length=300, blank=True)
    sub_account = models.CharField(max_length=300, blank=True)
    service_category = models.CharField(max_length=300, blank=True)
    service = models.CharField(max_length=300, blank=True)
    resource = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=20)  # FOCUS's: Usage, Purchase, Tax, Credit, …
    currency = models.CharField(max_length=3)
    tags = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.provider} {self.service}"


class Charge(WorkspaceRow):
    """What of one origin stands on a bill, in millionths of its currency."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="charges")
    origin = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="charges")
    billed_micros = models.BigIntegerField()
    effective_micros = models.BigIntegerField()
    rows = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bill", "origin"], name="one_charge_an_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id}: {self.effective_micros}"


class DailyCost(WorkspaceRow):
    """What was used up on one day of a bill of one value of what it is told by, in millionths."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    by = models.CharField(max_length=300, default="service")  # sub_account, region, tag:NAME
    value = models.CharField(max_length=300)
    currency = models.CharField(max_length=3)
    effective_micros = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "day"], name="daily_cost_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.day}"


class AllocationRule(WorkspaceRow):
    """What a person said once of charges like these: whose they are, and in which parts.

    `conditions` are [[field, pattern], …], all of which must fit; `shares` are
    [[project's address, share as text, item, model], …] that add up to 1. Rules are asked by
    `order`, then by key; the first that fits counts.
    """

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    order = models.IntegerField(default=100)
    conditions = models.JSONField(default=list)
    shares = models.JSONField(default=list)
    category = models.CharField(max_length=20, blank=True)  # "": by the kind of service
    adds = models.BooleanField(default=False)  # besides what `cost` records tell
    reason = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="allocation_rule_key"),
        ]

    def __str__(self) -> str:
        return self.name
