"""The forms that edit a program in place: their fields are judged by the domain's own readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms

from headway.domain.finance.rules import BUDGET_FIELDS, CATEGORIES, PURPOSES, TREATMENTS
from headway.domain.people.rules import RESOURCE_FIELDS, resource_name
from headway.domain.programs.rules.criteria import CRITERION_FIELDS, CriterionKind, Direction
from headway.domain.programs.rules.fields import Reader, key, number, text
from headway.domain.programs.rules.inputs import PROGRAM_FIELDS, PROJECT_FIELDS
from headway.errors import Invalid

#: The form's fields of a charter, and what the charter calls them; it may hold others beside.
CHARTER = {
    "charter_problem": "problem",
    "charter_decision": "decision",
    "charter_baseline": "non-ML baseline",
    "charter_errors": "cost of each error",
    "charter_data": "data at hand",
    "charter_kill_criteria": "kill criteria",
}


def line(label: str, help_text: str = "", **attrs: object) -> forms.CharField:
    """Return a field of one line that may stay empty."""
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


FieldKind = TypeVar("FieldKind", bound=forms.Field)


def needed(field: FieldKind) -> FieldKind:
    """Return the field as one that must be filled."""
    field.required = field.widget.is_required = True
    field.error_messages["required"] = f"The {str(field.label).lower()} is empty; write one."
    return field


def number_line(label: str, help_text: str = "") -> forms.CharField:
    """Return a field that takes a number."""
    return line(label, help_text, inputmode="decimal")


def day_field(label: str, help_text: str = "") -> forms.CharField:
    """Return a field that takes a day."""
    widget = forms.TextInput(attrs={"type": "date"})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


def words(label: str, rows: int = 3, help_text: str = "") -> forms.CharField:
    """Return a field of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


def choices(label: str, words: Sequence[str], help_text: str = "") -> forms.ChoiceField:
    """Return a field that takes one of `words`; an empty one is said as "Not said"."""
    listed = [(str(word), str(word).replace("_", " ").capitalize() or "Not said") for word in words]
    return forms.ChoiceField(
        label=label, choices=listed, help_text=help_text, required="" not in words
    )


class ReadForm(forms.Form):
    """A form whose fields `readers` judge, one sentence each; it knows the version it edits."""

    readers: ClassVar[Mapping[str, Reader]] = {}

    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form; its first field takes the focus."""
        # Two forms may be open on one page: each names its fields after itself.
        name = type(self).__name__.lower()
        super().__init__(data, initial=dict(initial or {}), auto_id=f"{name}-%s")
        self.visible_fields()[0].field.widget.attrs["data-focus"] = True

    def clean(self) -> dict[str, object]:
        """Ask each field's reader; what it refuses is said beside the field."""
        for name, value in list(self.cleaned_data.items()):
            if name in self.readers:
                try:
                    self.readers[name](name, value)
                except Invalid as error:
                    self.add_error(name, str(error))
        return self.cleaned_data

    @property
    def typed(self) -> dict[str, object]:
        """Return what was typed, as the action takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ProgramEditForm(ReadForm):
    """What a program is for, who answers for it, and when it was promised."""

    readers = PROGRAM_FIELDS

    name = needed(line("Name"))
    purpose = words("What it is for")
    target = day_field("Target", "The day that was promised.")
    manager = line("Manager")
    sponsor = line("Sponsor")
    currency = line("Currency", "Such as USD or EUR; it stays once there is a project.")
    progress = forms.ChoiceField(
        label="Work begun before what it waits for",
        choices=[("override", "Goes on"), ("retained", "Its rest waits (retained logic)")],
        required=False,
    )
    one_point = forms.ChoiceField(
        label="An estimate of one number",
        choices=[
            ("certain", "Is certain"),
            ("history", "Is widened by how finished work came out"),
        ],
        required=False,
    )


class ProjectEditForm(ReadForm):
    """A project and its charter."""

    readers = PROJECT_FIELDS

    name = needed(line("Name"))
    owner = line("Owner")
    purpose = words("What it is for")
    charter_problem = words("Problem", 2)
    charter_decision = words("Decision that it serves", 2)
    charter_baseline = words("Baseline without ML", 2)
    charter_errors = words("Cost of each error", 2)
    charter_data = words("Data at hand", 2)
    charter_kill_criteria = words("Kill criteria", 2)


class ObjectiveForm(ReadForm):
    """What a program is for, in a sentence."""

    readers: ClassVar[Mapping[str, Reader]] = {"key": key, "name": text(300, required=True)}

    key = needed(line("Key", "Short and lasting, such as accuracy."))
    name = needed(line("Objective"))


class CriterionForm(ReadForm):
    """A success criterion: what was promised of a model."""

    readers: ClassVar[Mapping[str, Reader]] = {**CRITERION_FIELDS, "key": key}

    key = needed(line("Key", "Short and lasting, such as recall."))
    name = needed(line("Name"))
    kind = choices("Kind", list(CriterionKind))
    subject = needed(line("Measured on", "Such as model:meter-reading: any of its versions."))
    metric = needed(line("Metric", "As the runs log it, such as recall."))
    direction = choices("Better is", list(Direction))
    start_value = number_line("Start value")
    target = needed(number_line("Target"))
    unit = line("Unit")
    segment = line("Segment", "Empty: overall; digit=3; * for the weakest.")
    dataset = line("Dataset", "Empty: any.")
    due = day_field("Due")
    is_guardrail = forms.BooleanField(
        label="Guardrail: must not get worse while others improve", required=False
    )


class ResourceForm(ReadForm):
    """People of one sort, or machines: how many there are, when they work, what they can do."""

    readers: ClassVar[Mapping[str, Reader]] = {**RESOURCE_FIELDS, "name": resource_name}

    name = needed(line("Name", "As items ask for it, such as ML engineer."))
    kind = choices("Kind", ("people", "compute"))
    capacity = needed(number_line("How many", "Units that can work at once, such as 2 or 0.5."))
    steps = line("From a day on", "Where that changes: 2026-03-02: 4, 2026-06-01: 6.")
    rate = number_line("Price of an hour", "Of one unit, in the program's currency.")
    calendar = line("Calendar", "One of the program's; empty: its own.", list="edit-calendars")
    skills = line("Skills", "With commas between; an item may ask for a skill instead of a name.")


class BudgetLineForm(ReadForm):
    """An amount set aside."""

    readers: ClassVar[Mapping[str, Reader]] = {**BUDGET_FIELDS, "key": key}

    key = needed(line("Key", "Short and lasting, such as people."))
    name = needed(line("Name"))
    purpose = choices("Purpose", PURPOSES, "A reserve stands outside the budget.")
    category = choices("Category", CATEGORIES)
    amount = needed(number_line("Amount", "In the program's currency, such as 12500.00."))
    project = line("Project", "Its address; empty: the program's.", list="edit-projects")
    shares = line("Or shared by", "Such as meter-reading 60 %, screening 40 %.")
    covers = line(
        "Covers openings",
        "Keys of people to be hired whom it holds money for, as they cost now.",
        list="edit-openings",
    )
    phasing = line("Spent", "even 2026-08 2027-05 (or front, back), or months: 2026-08: 1200, …")
    owner = line("Owner")
    cost_centre = line("Cost centre")
    treatment = forms.ChoiceField(
        label="On the books",
        required=False,
        choices=[(word, word.capitalize() or "Not said") for word in TREATMENTS],
    )


class LinkForm(ReadForm):
    """What an item waits for."""

    readers: ClassVar[Mapping[str, Reader]] = {"lag": number(-1e6, 1e6)}

    predecessor = needed(
        line("Waits for", "An item's key, or project/key in another project.", list="edit-items")
    )
    kind = forms.ChoiceField(
        label="How",
        choices=[
            ("FS", "It starts when the other has finished (FS)"),
            ("SS", "It starts when the other has started (SS)"),
            ("FF", "It finishes when the other has finished (FF)"),
            ("SF", "It finishes when the other has started (SF)"),
        ],
    )
    lag = number_line("Lag", "0: at once; negative: a lead.")
    lag_unit = forms.ChoiceField(
        label="Lag in",
        required=False,
        choices=[
            ("working", "Working days"),
            ("elapsed", "Calendar days"),
            ("percent", "Percent of the other's duration"),
        ],
    )


class DependencyForm(LinkForm):
    """A link of an item in either direction; the other end is searched for."""

    field_order = ("direction", "predecessor", "kind", "lag", "lag_unit")

    direction = forms.ChoiceField(
        label="This item",
        choices=[("waits", "waits for"), ("holds", "holds up")],
    )
    predecessor = needed(
        line("The other item", "A part of its name or its key; the list offers what fits.")
    )


class NeedForm(ReadForm):
    """How much of a resource an item takes while it runs."""

    readers: ClassVar[Mapping[str, Reader]] = {"units": number(0, 1e6, required=True)}

    resource = needed(line("Resource", "As the program names it.", list="edit-resources"))
    units = needed(number_line("Units", "How many at once while it runs; 0 takes the need away."))


def without(form: type[ReadForm], *names: str) -> type[ReadForm]:
    """Return `form` without fields that this edit does not offer, such as a key that stays."""
    return type(form.__name__, (form,), dict.fromkeys(names))
