"""The forms of a decision and of one of its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from headway.domain.plans.rules import DECISION_FIELDS
from headway.domain.plans.rules.inputs import key
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

#: Changes of the plan that the form of an option has room for.
CHANGES = 3

_WHAT = [
    ("remaining", "What is left of it"),
    ("estimate", "Its estimate"),
    ("cost_minor", "Its fixed cost"),
    ("not_before", "It begins not before"),
    ("drop", "It is dropped"),
]


class DecisionForm(ReadForm):
    """A question to somebody: why it is asked, who answers, by when."""

    readers: ClassVar[Mapping[str, Reader]] = {
        **{name: read for name, read in DECISION_FIELDS.items() if name != "options"},
        "key": key,
    }

    key = needed(line("Key", "Short and lasting, such as vendor-b."))
    question = needed(line("Question", "As the person who answers would read it."))
    background = words("Why it is asked")
    owner = line("Who decides")
    due = day_field("Decide by")
    recommended = line("Recommended option", "Its key.", list="edit-options")
    reopen_when = line("Reopen when", "What would make the answer wrong.")


def _row(number: int) -> dict[str, forms.Field]:
    return {
        f"item_{number}": line(f"Change {number}: item", "", list="edit-items"),
        f"what_{number}": forms.ChoiceField(label="What of it", choices=_WHAT, required=False),
        f"now_{number}": line("Becomes", "Days as 20/25/40, money as 12500, a day as 2027-03-01."),
    }


class OptionForm(ReadForm):
    """One answer to the question, and what it changes in the plan."""

    readers: ClassVar[Mapping[str, Reader]] = {"name": text(200, required=True), "words": text(500)}

    name = needed(line("Option", "Such as: add vendor B."))
    words = line("What it means", "What no simulation sees, such as the quality it settles for.")

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form, with room for CHANGES changes."""
        super().__init__(data, initial=initial)
        for number in range(1, CHANGES + 1):
            self.fields |= _row(number)
