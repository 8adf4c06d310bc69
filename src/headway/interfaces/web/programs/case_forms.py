"""The forms of a business case and of one of its quantities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.programs.rules.business_case import CASE_FIELDS, LINE_FIELDS
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed


class CaseForm(ReadForm):
    """What a business case stands on, besides its quantities."""

    readers: ClassVar[Mapping[str, Reader]] = {
        name: read for name, read in CASE_FIELDS.items() if name != "lines"
    }

    criterion = line("Target metric", "The key of a success criterion.", list="edit-criteria")
    running = line("Running cost a year", "A range, such as 8000/10000/15000, or one number.")
    launch = day_field("Launch promised for", "From this day on the benefit was to come.")


class CaseLineForm(ReadForm):
    """A quantity that the model changes, and what a unit of it is worth."""

    readers: ClassVar[Mapping[str, Reader]] = {
        name: read for name, read in LINE_FIELDS.items() if name != "key"
    }

    name = needed(line("Quantity", "A business figure or a kind of error: readings typed by hand."))
    unit = line("Unit", "Such as readings.")
    start = needed(line("A year without the model", inputmode="decimal"))
    at_target = needed(line("A year at the target", "A range, such as 30000/48000/80000."))
    worth = needed(line("One of it is worth", "In the program's currency: 0.30/0.40/0.55."))
    less_is_better = forms.BooleanField(label="Less of it is better", required=False)
