"""The forms of baselines and scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django import forms

from headway.domain.plans.rules import BASELINE_FIELDS, Standing
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words


class BaselineForm(ReadForm):
    """The name of a plan that was agreed, and why it was."""

    readers: ClassVar[Mapping[str, Reader]] = BASELINE_FIELDS

    name = needed(line("Name", "Such as: approved plan."))
    reason = needed(words("Why this plan counts"))


class VarianceFilter(forms.Form):
    """Which lines of a variance to show, and in which order."""

    project = forms.ChoiceField(label="Project", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *((one.value, one.words) for one in Standing)],
    )
    sort = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[
            ("", "As planned"),
            ("finish", "Latest finish first"),
            ("start", "Latest start first"),
            ("cost", "Dearest first"),
            ("name", "By name"),
        ],
    )

    def __init__(self, projects: Sequence[str], data: object = None) -> None:
        """Offer the `projects` of the variance."""
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", "Any"), *((one, one) for one in projects)]
        self.fields["project"].choices = choices  # type: ignore[attr-defined]
