"""The form of the evidence list: which records to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms

from headway.domain.programs.rules import PortfolioLine

Choices = list[tuple[str, str]]


def project_choices(lines: Sequence[PortfolioLine], nothing: str) -> Choices:
    """Return every project as a choice, with `nothing` in front for none."""
    projects = [(one.slug, one.name) for line in lines for one in line.projects]
    return [("", nothing), *projects]


class RecordsForm(forms.Form):
    """Which records to show, as the address says it."""

    subject = forms.CharField(label="Subject begins with", max_length=300, required=False)
    kind = forms.ChoiceField(label="Kind", required=False)
    project = forms.ChoiceField(label="Project", required=False)
    cursor = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def __init__(self, data: Mapping[str, object], kinds: Sequence[str], projects: Choices) -> None:
        """Offer these `kinds` and `projects`."""
        super().__init__(data)
        kind_choices = [(kind, kind.replace("_", " ")) for kind in kinds]
        for name, choices in (("kind", [("", "Any"), *kind_choices]), ("project", projects)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
                field.widget.attrs["data-submit"] = True
