"""The forms of programs: what may be typed, before an action judges it."""

from __future__ import annotations

from datetime import date

from django import forms

from headway.domain.assessments.rules import Dimension, Level

_DAY = forms.DateInput(attrs={"type": "date"})
_KINDS = ("task", "experiment", "data", "annotation", "training", "review", "milestone")


class ProgramForm(forms.Form):
    """A new program."""

    name = forms.CharField(label="Name", max_length=200)
    purpose = forms.CharField(
        label="What it is for", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    target = forms.DateField(
        label="Target", required=False, widget=_DAY, help_text="The day that was promised."
    )
    currency = forms.CharField(
        label="Currency", min_length=3, max_length=3, initial="USD", help_text="Such as USD or EUR."
    )


class ProjectForm(forms.Form):
    """A new project of a program."""

    name = forms.CharField(label="Name", max_length=200)
    purpose = forms.CharField(
        label="What it is for", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.CharField(label="Owner", max_length=200, required=False)


class ItemForm(forms.Form):
    """A new work item."""

    project = forms.ChoiceField(label="Project")
    key = forms.CharField(label="Key", max_length=60, help_text="Short and lasting, such as LABEL.")
    name = forms.CharField(label="Name", max_length=300)
    kind = forms.ChoiceField(label="Kind", choices=[(kind, kind.title()) for kind in _KINDS])
    estimate = forms.CharField(
        label="Estimate in working days",
        required=False,
        max_length=60,
        help_text="Optimistic/likely/pessimistic, such as 3/5/9.",
    )

    def __init__(self, projects: list[tuple[str, str]], data: object = None) -> None:
        """Offer the program's `projects` (slug, name)."""
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["project"].choices = projects  # type: ignore[attr-defined]


class JudgementForm(forms.Form):
    """A person's words beside a computed status; a level overrides for a while."""

    dimension = forms.ChoiceField(
        label="Dimension", choices=[(str(one), str(one).capitalize()) for one in Dimension]
    )
    words = forms.CharField(
        label="How you see it, and why", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    level = forms.ChoiceField(
        label="Your own level",
        required=False,
        choices=[
            ("", "Words only"),
            (str(Level.GOOD), "Good"),
            (str(Level.AT_RISK), "At risk"),
            (str(Level.BAD), "Bad"),
        ],
        help_text="It stands beside the computed one, marked as yours.",
    )
    until = forms.DateField(
        label="Until",
        required=False,
        widget=_DAY,
        help_text="A level of your own ends within 31 days.",
    )


class WorkFilter(forms.Form):
    """Which work to show."""

    word = forms.CharField(label="Find", required=False, max_length=100)
    project = forms.ChoiceField(label="Project", required=False)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Any"),
            ("waiting", "Waiting"),
            ("under way", "Under way"),
            ("done", "Done"),
        ],
    )

    def __init__(self, projects: list[tuple[str, str]], data: object = None) -> None:
        """Offer the program's `projects` (slug, name)."""
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["project"].choices = [("", "Any"), *projects]  # type: ignore[attr-defined]


class PlanFileForm(forms.Form):
    """A plan file to preview."""

    file = forms.FileField(
        label="File",
        help_text="An export of your tracker (CSV), a spreadsheet (XLSX, ODS) or a plan file "
        "(YAML, Microsoft Project XML, Primavera XER), up to 64 MB.",
        widget=forms.FileInput(
            attrs={"accept": ".yaml,.yml,.xml,.xer,.csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"}
        ),
    )


class ConfirmForm(forms.Form):
    """The stored file that was previewed, and how it is read."""

    job = forms.UUIDField(widget=forms.HiddenInput)
    mapping = forms.JSONField(required=False, widget=forms.HiddenInput)

    def clean_mapping(self) -> object:
        """Refuse what is no mapping at all; the importer judges the rest."""
        mapping = self.cleaned_data["mapping"]
        if mapping is not None and not isinstance(mapping, dict):
            sentence = "The mapping is not whole; choose the file again."
            raise forms.ValidationError(sentence)
        return mapping


class SinceForm(forms.Form):
    """With which day to compare."""

    since = forms.DateField(
        label="Compare with the end of",
        widget=_DAY,
        help_text="The plan as it was known then, on that day.",
    )


class CellForm(forms.Form):
    """One field of a work item as text; the action judges it."""

    value = forms.CharField(required=False, max_length=300)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    def __init__(self, label: str, data: object = None, initial: object = "") -> None:
        """Label the field `label`; days get a day's control."""
        super().__init__(data, initial={"value": initial})  # type: ignore[arg-type]
        self.fields["value"].label = label
        if isinstance(initial, date) or label in ("Deadline", "Not before", "Started", "Finished"):
            self.fields["value"].widget = forms.DateInput(attrs={"type": "date"})
