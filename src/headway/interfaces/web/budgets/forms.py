"""The forms of budgets: a change, an accrual, its reversal, a rate, the rules of money, a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.finance.rules import (
    ACCRUAL_FIELDS,
    CATEGORIES,
    CHANGE_FIELDS,
    MONEY_RULE_FIELDS,
    RATE_FIELDS,
)
from headway.domain.programs.rules.fields import Reader, currency, day, text
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

_MONTHS = "January February March April May June July August September October November December"


class ChangeForm(ReadForm):
    """Money that should go from one line to another."""

    readers = CHANGE_FIELDS

    source = line("From the line", "Its key; empty: money from outside.", list="edit-lines-of")
    target = line("To the line", "Its key; empty: out of the budget.", list="edit-lines-of")
    amount = needed(line("Amount", "In the program's currency.", inputmode="decimal"))
    reason = needed(words("Why", 2))
    serves = line("For", "A draw on contingency or reserve: a risk's key, or the change it pays.")


class AccrualForm(ReadForm):
    """What a month owes although no invoice came."""

    readers = ACCRUAL_FIELDS

    reason = needed(line("What is owed", "Such as: labels accepted in October."))
    month = needed(line("Month", "Such as 2026-10."))
    amount = needed(line("Amount", inputmode="decimal"))
    currency = line("Currency", "Empty: the program's.")
    category = forms.ChoiceField(
        label="Category", choices=[(word, word.capitalize()) for word in CATEGORIES]
    )
    project = line("Project", "Its address; empty: the program's.", list="edit-projects")
    order = line("Purchase order", "Its key, where it was ordered.", list="edit-orders")


class ReversalForm(ReadForm):
    """The invoice that an accrual waited for."""

    readers: ClassVar[Mapping[str, Reader]] = {"invoice": text(200, required=True), "on": day}

    invoice = needed(line("Invoice", "Its number, or where it is filed."))
    on = needed(day_field("Came on"))


class RateForm(ReadForm):
    """What one unit of a currency was worth in another."""

    readers: ClassVar[Mapping[str, Reader]] = {
        **RATE_FIELDS,
        "base": currency,
        "quote": currency,
        "day": day,
    }

    base = needed(line("One unit of", "Such as EUR."))
    quote = needed(line("In", "Such as USD."))
    day = needed(day_field("From"))
    rate = needed(line("Is worth", "Such as 1.0842.", inputmode="decimal"))
    source = needed(line("Says who", "Such as ECB reference rate."))


class MoneyRulesForm(ReadForm):
    """How the workspace counts its money."""

    readers = MONEY_RULE_FIELDS

    fiscal_start = forms.ChoiceField(
        label="The fiscal year begins in",
        choices=[(str(place), name) for place, name in enumerate(_MONTHS.split(), 1)],
    )
    overspend_percent = needed(
        line("Warn when a month is above its plan by percent", inputmode="numeric")
    )
