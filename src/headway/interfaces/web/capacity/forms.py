"""The forms of allocations, requests and pools: judged by the domain's own readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from headway.domain.people.rules.allocations import ALLOCATION_FIELDS, REQUEST_FIELDS
from headway.domain.people.rules.pools import MARKET_WORDS, POOL_FIELDS
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words


class AllocationForm(ReadForm):
    """How much of somebody a place has, from when to when."""

    readers: ClassVar[Mapping[str, Reader]] = ALLOCATION_FIELDS

    person = needed(line("Person", "The key of somebody on the roster.", list="edit-people"))
    program = line("Program", "Empty, as the project: work outside of all.", list="edit-programs")
    project = line("Project", list="edit-projects")
    item = line("Work item", "Its key in the project; empty for the project as a whole.")
    share = line("Share of their time", "Such as 50 %.")
    weekly_hours = line("Or hours a week", "Of a usual week, such as 12.", inputmode="decimal")
    starts_on = needed(day_field("First day"))
    ends_on = needed(day_field("Last day"))
    is_tentative = forms.BooleanField(label="Tentative: not agreed yet", required=False)
    note = line("Note")


class RequestForm(ReadForm):
    """Who is wanted, how much, from when to when."""

    readers: ClassVar[Mapping[str, Reader]] = REQUEST_FIELDS

    role = line("Role", "Such as data scientist.", list="edit-roles")
    skills = line("Skills", "With the least level, such as NLP 3, Python.")
    project = line("Project", "Empty: the program as a whole.", list="edit-projects")
    share = line("Share of their time", "Such as 50 %.")
    weekly_hours = line("Or hours a week", inputmode="decimal")
    starts_on = needed(day_field("First day"))
    ends_on = needed(day_field("Last day"))
    note = line("Note")


class PoolForm(ReadForm):
    """What a pool really offers: machines, prices, quota, reservations, and its queue."""

    readers: ClassVar[Mapping[str, Reader]] = {
        name: reader for name, reader in POOL_FIELDS.items() if name != "week"
    }

    machine = line("Machine", "Such as A100 80 GB.")
    market = forms.ChoiceField(label="Bought", choices=list(MARKET_WORDS.items()))
    prices = line("Prices of an hour", "Of one unit: on demand 2.10, reserved 1.40, spot 0.70.")
    windows = words("Quota windows", 3, "One a line: 2026-12-01 2026-12-31 8 (units at once then).")
    weekdays = line("Usable on", "Days such as mon tue wed thu fri; empty: at any time.")
    hours = line("Usable from to", "Such as 18:00-24:00, by the clock of the program's calendar.")
    reservations = words(
        "Reservations",
        3,
        "One a line: first day, last day, units, price of an hour; “adds” behind one that lies on "
        "top of the quota.",
    )
    preempted = line("Share that spot work loses", "To preemption: 0.1 is a tenth.")
    queue_wait = line("Queue wait in hours", "Optimistic/likely/pessimistic, such as 1/4/24.")


class TableForm(forms.Form):
    """A table of allocations to read."""

    file = forms.FileField(label="Table", help_text="CSV or XLSX, as exported here.")

    def __init__(self, data: Any = None, files: Any = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Name the field after the form, so that it stands beside others on a page."""
        super().__init__(data, files, auto_id="table-%s")
