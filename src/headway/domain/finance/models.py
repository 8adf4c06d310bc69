"""What finance remembers: budget lines and their changes, accruals, exchange rates.

What was spent is evidence, not typed here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project


class BudgetLine(WorkspaceRow):
    """An amount set aside: for a category of a project, as contingency, or as reserve."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="budget_lines")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, default="budget")  # budget, contingency, reserve
    category = models.CharField(max_length=20, default="other")
    amount_minor = models.BigIntegerField()  # in the program's currency, minor units
    cost_centre = models.CharField(max_length=60, blank=True)
    treatment = models.CharField(max_length=20, blank=True)  # capital, operating; "": not said
    owner = models.CharField(max_length=200, blank=True)
    phasing = models.JSONField(default=dict, blank=True)  # rules.phasing: a shape, or months
    shares = models.JSONField(default=list, blank=True)  # [[project id, share of 1 as text], …]
    #: What it holds for people to be hired: {opening's key: {month: amount as text}}.
    covers = models.JSONField(default=dict, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="budget_line_key"),
        ]

    def __str__(self) -> str:
        return self.name


class BudgetAgreement(WorkspaceRow):
    """A program's budget as it was agreed; the newest that is not withdrawn holds."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="agreements")
    number = models.IntegerField()
    at = models.DateTimeField()
    agreed_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    lines = models.JSONField()  # AgreedLine each: amounts and months as decimal text
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "number"], name="one_agreement_each"),
        ]

    def __str__(self) -> str:
        return f"budget {self.number} of {self.program_id}"


class BudgetChange(WorkspaceRow):
    """Money to go from one line to another, asked for by one person and answered by another."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="budget_changes")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)  # transfer, draw, raise, lower
    source = models.CharField(max_length=60, blank=True)  # the giving line's key; "": from outside
    target = models.CharField(max_length=60, blank=True)  # the taking line's key; "": out
    amount_minor = models.BigIntegerField()
    reason = models.TextField()
    serves = models.CharField(max_length=200, blank=True)  # a draw: a risk's key, or a change
    reverses = models.CharField(max_length=60, blank=True)  # the key of the change it takes back
    state = models.CharField(max_length=20, default="requested")
    requested_by = models.CharField(max_length=200)
    requested_by_id = models.UUIDField(null=True, blank=True)  # the member
    requested_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="budget_change_key"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="change_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Accrual(WorkspaceRow):
    """Money that belongs to a month before its invoice came; reversed when it comes."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="accruals")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True)
    key = models.CharField(max_length=60)
    category = models.CharField(max_length=20, default="other")
    month = models.DateField()  # its first day
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=500)
    order = models.CharField(max_length=60, blank=True)  # key of a purchase order of the program
    reversed_on = models.DateField(null=True, blank=True)
    invoice = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="accrual_key"),
        ]

    def __str__(self) -> str:
        return self.reason


class ExchangeRate(WorkspaceRow):
    """What one unit of a currency was worth in another from a day on, and who said so."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    day = models.DateField()
    rate_nanos = models.BigIntegerField()  # billionths of the quote currency
    source = models.CharField(max_length=200)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "base", "quote", "day"], name="one_rate_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base} in {self.quote} on {self.day}"


class MoneyRules(WorkspaceRow):
    """How a workspace counts its money: its fiscal year, and when a month counts as overspent."""

    fiscal_start = models.IntegerField(default=1)  # month, 1 to 12
    overspend_percent = models.IntegerField(default=10)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], name="one_set_of_money_rules"),
        ]

    def __str__(self) -> str:
        return "rules of money"
