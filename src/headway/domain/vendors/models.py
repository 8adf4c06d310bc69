"""What vendors remembers: who delivers to us, on which terms, what was ordered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project


class Vendor(WorkspaceRow):
    """Somebody outside who delivers to us: labels, data, software, people, compute."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="other")  # the categories of money
    owner = models.CharField(max_length=200, blank=True)  # who of ours looks after it
    note = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="vendor_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Contract(WorkspaceRow):
    """What was agreed with a vendor, from when to when, and what it may cost at most."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="contracts")
    program = models.ForeignKey(
        Program, on_delete=models.SET_NULL, null=True, blank=True, related_name="contracts"
    )
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)  # None: until notice is given
    renewal = models.CharField(max_length=20, default="none")  # none, automatic, option
    notice_days = models.IntegerField(null=True, blank=True)  # before the end, calendar days
    currency = models.CharField(max_length=3)
    cap_minor = models.BigIntegerField(null=True, blank=True)  # most that may be ordered under it
    state = models.CharField(max_length=20, default="draft")  # draft, signed, ended
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "key"], name="contract_key"),
        ]

    def __str__(self) -> str:
        return self.name


class PurchaseOrder(WorkspaceRow):
    """What was ordered under a contract: a commitment until it is invoiced or cancelled."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="orders")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="purchase_orders")
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="purchase_orders"
    )
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=20, default="other")
    unit = models.CharField(max_length=60, blank=True)  # what is counted: "label", "hour"
    units = models.FloatField(null=True, blank=True)
    unit_price_micros = models.BigIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField()  # in the contract's currency
    ordered_on = models.DateField()
    needed_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, received, closed, cancelled
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="purchase_order_key"),
        ]

    def __str__(self) -> str:
        return self.name
