"""What a person says of a model, a dataset, a pipeline: judged by the domain's own readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django import forms

from headway.domain.inventory.rules.said import (
    DATASET_FIELDS,
    MODEL_FIELDS,
    PERSONAL_WORDS,
    PIPELINE_FIELDS,
)
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, line, words


def _choice(label: str, choices: Sequence[tuple[str, str]], help_text: str = "") -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text, required=False)


def _hours(label: str, help_text: str = "") -> forms.CharField:
    return line(label, help_text, inputmode="decimal")


class ModelForm(ReadForm):
    """Whose a model is."""

    readers: ClassVar[Mapping[str, Reader]] = MODEL_FIELDS

    system = _choice("ML system", [], "Empty: that of the project its evidence belongs to.")
    owner = line("Owner", "Empty: the system's.")
    tier = _choice(
        "Tier", [("", "As the system's"), ("standard", "Standard"), ("high", "High risk")]
    )
    licence = line("Licence", "Of the model or of the weights it starts from.")
    change_window = line(
        "Change window", "When it may be moved, in UTC: mon-thu 08:00-16:00. Empty: at any time."
    )
    note = words("Note")


def model_form(systems: Sequence[tuple[str, str]]) -> type[ReadForm]:
    """Return the form with the systems there are."""
    choices = [("", "By its project"), *systems]
    chosen = _choice("ML system", choices, "By its project: that of where its evidence belongs.")
    return type("ModelForm", (ModelForm,), {"system": chosen})


class DatasetForm(ReadForm):
    """What a person says of a dataset."""

    readers: ClassVar[Mapping[str, Reader]] = DATASET_FIELDS

    owner = line("Owner")
    licence = line("Licence", "Such as CC-BY-4.0; empty: as its records say.")
    personal_data = _choice(
        "Personal data",
        [(word, said.capitalize()) for word, said in PERSONAL_WORDS.items()],
        "Special categories: health, origin, belief and the like.",
    )
    consent = line("Consent", "On what people's data may be used, such as a form and its date.")
    note = words("Note")


class PipelineForm(ReadForm):
    """What is expected of a pipeline."""

    readers: ClassVar[Mapping[str, Reader]] = PIPELINE_FIELDS

    owner = line("Owner")
    every_hours = _hours("A success every … hours", "168 is a week; empty asks nothing.")
    within_hours = _hours("Done within … hours")
    data_hours = _hours("Newest datum at most … hours old")
    note = words("Note")
