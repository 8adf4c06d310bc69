"""The forms of the evidence: which records to show, and what a rule about runs says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from headway.domain.evidence.rules.run_rules import RULE_FIELDS
from headway.domain.programs.rules import PortfolioLine
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, line, words

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


class RuleForm(ReadForm):
    """Which runs (or other subjects), and what is said of them."""

    readers: ClassVar[Mapping[str, Reader]] = RULE_FIELDS

    group = line("Run group", "MLflow's experiment. A pattern fits many: fraud-*.")
    name = line("Name of the run", "Such as xgb-*.")
    tag = line("Tag", "The name of a tag that the run carries.")
    tag_value = line("Value of the tag", "Empty: any.")
    subject = line("Subject", "For models and others, such as model:fraud-*.")
    source = line("Source", "Such as mlflow:ml.example.org; empty: any.")
    project = forms.ChoiceField(label="Counts for", required=False)
    is_scratch = forms.BooleanField(
        label="Scratch: counts for nothing", required=False, help_text="Instead of a project."
    )
    reason = words("Why", 2)
    order = line("Order", "Among rules that ask equally much the lower wins.", inputmode="numeric")

    def __init__(
        self,
        projects: Choices,
        data: Any = None,  # noqa: ANN401 - as Django's forms take it
        *,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        """Offer these projects."""
        super().__init__(data, initial=initial)
        field = self.fields["project"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "No project"), *projects]

    @property
    def typed(self) -> dict[str, object]:
        """Return what was typed; the Scratch button beside a chosen project means scratch."""
        values = super().typed
        if self.data.get("scratch"):
            values |= {"is_scratch": True, "project": ""}
        return values
