"""What vendors remembers: who delivers to us, on which terms, what was ordered, got and billed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.programs.models import Program, Project


class Vendor(WorkspaceRow):
    """Somebody outside who delivers to us: labels, data, software, people, compute."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="other")  # the categories of money
    owner = models.CharField(max_length=200, blank=True)  # who of ours looks after it
    note = models.TextField(blank=True)  # ours alone: the vendor never sees it
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
    sla = models.JSONField(default=list, blank=True)  # [{key, name, metric, bound, credit, most}]
    wanted = models.JSONField(default=list, blank=True)  # evidence: "dpa", "security-review"
    documents = models.JSONField(default=list, blank=True)  # [{"name": …, "url": …}]
    tax_is_cost = models.BooleanField(default=False)  # tax that nobody gives back
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


class ChangeOrder(WorkspaceRow):
    """A change of what an order is for, agreed with the vendor: by how much, why, by whom."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="changes")
    number = models.IntegerField()
    units = models.FloatField(null=True, blank=True)  # more (or fewer)
    amount_minor = models.BigIntegerField()  # more (or less), in the contract's currency
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "number"], name="change_order_number"),
        ]

    def __str__(self) -> str:
        return f"change {self.number}: {self.reason}"


class Receipt(WorkspaceRow):
    """What came for an order: delivered, and of that accepted (None: not judged yet)."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="receipts")
    key = models.SlugField(max_length=60)
    received_on = models.DateField()
    delivered = models.FloatField(null=True, blank=True)  # units
    accepted = models.FloatField(null=True, blank=True)  # units
    amount_minor = models.BigIntegerField(null=True, blank=True)  # of an order without units
    taken_by = models.CharField(max_length=200, blank=True)
    batch = models.CharField(max_length=200, blank=True)  # the batch of labels that it stands for
    note = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "key"], name="receipt_key"),
        ]

    def __str__(self) -> str:
        return f"receipt of {self.received_on}"


class Invoice(WorkspaceRow):
    """What a vendor asks to be paid, line by line; a line names the order that it bills."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="invoices")
    key = models.SlugField(max_length=60)
    number = models.CharField(max_length=100)  # as the vendor writes it
    invoiced_on = models.DateField()
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    #: [{"order": id, "words": …, "units": …, "unit_price": "20.00", "amount_minor": …}]
    lines = models.JSONField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=20, default="received")  # disputed, approved, paid, …
    reason = models.TextField(blank=True)  # why it is disputed or withdrawn
    file_name = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file it came as
    submitted_by = models.CharField(max_length=200, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "key"], name="invoice_key"),
            models.UniqueConstraint(fields=["vendor", "number"], name="invoice_number"),
        ]

    def __str__(self) -> str:
        return f"invoice {self.number}"


class InvoiceCost(WorkspaceRow):
    """Which record of the ledger is the cost of an invoice: booked or explained, once."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="costs")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    record = models.BigIntegerField()  # its place in the ledger
    is_explained = models.BooleanField(default=False)  # the record stood there before
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice", "project", "category"], name="invoice_cost_once"
            ),
            models.UniqueConstraint(fields=["workspace", "record"], name="cost_of_one_invoice"),
        ]

    def __str__(self) -> str:
        return f"record {self.record} for {self.invoice_id}"


class VendorRules(WorkspaceRow):
    """Whom a workspace asks before it signs, orders, pays, and how exact an invoice has to be."""

    contract_functions = models.JSONField(default=list, blank=True)
    order_functions = models.JSONField(default=list, blank=True)
    order_limits = models.JSONField(default=dict, blank=True)  # {"USD": "10000.00"}: asked above
    invoice_functions = models.JSONField(default=list, blank=True)
    price_tolerance = models.FloatField(default=0)  # a share of the price
    units_tolerance = models.FloatField(default=0)  # a share of the units
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], name="vendor_rules_once"),
        ]

    def __str__(self) -> str:
        return "rules for vendors"


class VendorApproval(WorkspaceRow):
    """A function is asked to approve a contract, an order or an invoice; until then it waits."""

    subject = models.CharField(max_length=400)  # as in the ledger: contract:vendor/key
    function = models.CharField(max_length=20)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    decision = models.CharField(max_length=20, blank=True)  # approved, conditions, refused
    statement = models.TextField(blank=True)
    seen = models.JSONField(default=dict, blank=True)  # what was seen when it was answered
    seen_digest = models.CharField(max_length=64, blank=True)
    record = models.BigIntegerField(null=True, blank=True)  # its place in the ledger
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "subject", "function"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_ask_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} for {self.subject}"


class VendorMember(WorkspaceRow):
    """Which vendor a member of the role vendor works for: it sees what is that vendor's alone."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="works_for")
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="members")
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.member_id} for {self.vendor_id}"
