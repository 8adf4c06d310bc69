"""The form in which a person answers a criterion that no machine sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.maturity.rules.attesting import ANSWERS, ATTEST_FIELDS
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words


class AttestForm(ReadForm):
    """An answer, as whom, where it is written down, when it was done and is looked at again."""

    readers: ClassVar[Mapping[str, Reader]] = ATTEST_FIELDS

    answer = forms.ChoiceField(label="Answer", choices=list(ANSWERS.items()))
    role = needed(line("You answer as", "A role, not a name: ML engineer, privacy officer."))
    link = line("Where it is written down", "A web address; done by hand counts only with one.")
    done_on = day_field("Done on")
    review_on = day_field("Look at it again on", "Until then it counts; empty: a year from now.")
    statement = words("In a sentence or two")
