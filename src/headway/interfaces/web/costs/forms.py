"""Forms of costs: a bill's file, and an allocation rule as people write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.costs.rules import CATEGORIES, RULE_FIELDS
from headway.domain.programs.rules.fields import Reader, slug
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words


class BillForm(forms.Form):
    """A bill to be brought, and how it is read where its header does not tell."""

    file = forms.FileField(
        label="File",
        help_text="FOCUS (CSV, gz, Parquet), AWS CUR, OpenCost, Google, Azure, or any table.",
        error_messages={"required": "Choose a file."},
    )
    tags = forms.CharField(
        label="Tags to keep",
        required=False,
        max_length=1_000,
        help_text="With commas between; those that rules ask for are kept anyway.",
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        required=False,
        help_text="Of rows that name none, such as USD.",
        error_messages={"invalid": "Write three capitals, such as USD."},
    )
    mapping = forms.CharField(
        label="Mapping",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text='Of a table of your own: {"columns": {"billed": "Amount", "start": "Day"}}',
    )


class RuleForm(ReadForm):
    """Whose charges like these are, and in which parts."""

    readers: ClassVar[Mapping[str, Reader]] = {**RULE_FIELDS, "key": slug}

    key = needed(line("Key", "Short and lasting, such as team-risk."))
    name = needed(line("Name"))
    conditions = needed(
        words(
            "Charges", 3, "All of it must fit, one a line: tag:team = risk, service = Amazon EC2*"
        )
    )
    shares = needed(
        words("Belong to", 2, "A project and its share a line, adding up to 1: fraud-model 0.7")
    )
    category = forms.ChoiceField(
        label="Category of money",
        choices=[("", "By the kind of service"), *[(one, one.capitalize()) for one in CATEGORIES]],
        required=False,
    )
    order = line("Order", "Lower is asked first; the first rule that fits counts. Usually 100.")
    adds = forms.BooleanField(
        label="Spent on top of what cost records tell of the same months",
        required=False,
        help_text="Else they explain those records, and are not added to them.",
    )
    reason = words("Reason", 2)
