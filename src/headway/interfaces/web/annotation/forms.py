"""The forms of batches, guidelines, pilots, and of what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.annotation.actions.telling import ADJUDICATION_FIELDS, GOLD_FIELDS
from headway.domain.annotation.rules import (
    BATCH_FIELDS,
    DELIVERY_FIELDS,
    GUIDELINE_FIELDS,
    INSPECTION_FIELDS,
    PILOT_FIELDS,
    VERSION_FIELDS,
)
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words


def _number(label: str, help_text: str = "") -> forms.CharField:
    return line(label, help_text, inputmode="decimal")


class BatchForm(ReadForm):
    """Labels ordered together, and when they are accepted."""

    readers: ClassVar[Mapping[str, Reader]] = BATCH_FIELDS

    name = needed(line("What is labelled"))
    project = line("Project", list="edit-projects")
    order = line("Purchase order", "Its key; accepted labels count for it.", list="edit-orders")
    guideline = line("Guideline", list="edit-guidelines")
    guideline_version = _number("Guideline version", "That the labels are to follow.")
    promised = _number("Labels promised")
    due = day_field("Promised for")
    a_week = _number("Labels a week agreed", "Dates the set until four whole weeks are measured.")
    ramp_weeks = _number("Weeks of ramp-up", "The first weeks, which say little of later ones.")
    overlap = _number("Overlap asked", "Share of items that two or more label, such as 0.1.")
    quotas = words("Labels by class", 3, "One line each: 3: 120.")
    measure = forms.ChoiceField(
        label="Agreement by",
        choices=[
            ("alpha", "Krippendorff's alpha"),
            ("fleiss", "Fleiss' kappa"),
            ("cohen", "Cohen's kappa"),
            ("regions", "Overlap of boxes, polygons and spans (alpha)"),
        ],
        required=False,
        initial="alpha",
    )
    agreement_floor = _number("Agreement at least", "The whole interval has to reach it.")
    rule = forms.ChoiceField(
        label="Accepted by",
        choices=[
            ("bound", "Showing that at most a share is wrong"),
            ("plan", "A sampling plan (AQL and LTPD)"),
        ],
        required=False,
        initial="bound",
    )
    bound = _number("Most wrong labels", "As a share, such as 0.05.")
    confidence = _number("Confidence", "Such as 0.95.")
    aql = _number("Good quality (AQL)", "Of a plan: a share such as 0.01.")
    ltpd = _number("Bad quality (LTPD)", "Of a plan: a share such as 0.05.")
    seed = _number("Seed of the samples")
    note = words("Note", 2)


class GuidelineForm(ReadForm):
    """A guideline's name and owner."""

    readers: ClassVar[Mapping[str, Reader]] = GUIDELINE_FIELDS

    name = needed(line("What is labelled"))
    owner = line("Owner", list="edit-people")


class VersionForm(ReadForm):
    """The next version of a guideline."""

    readers: ClassVar[Mapping[str, Reader]] = VERSION_FIELDS

    text = needed(words("What annotators are to do", 12))
    reason = line("Why it changes")
    is_compatible = forms.BooleanField(
        label="Labels by the version before count still", required=False
    )
    compatible_reason = line("Why they do")


class PilotForm(ReadForm):
    """A round on items whose labels are known."""

    readers: ClassVar[Mapping[str, Reader]] = PILOT_FIELDS

    name = needed(line("Name"))
    vendor = line("Vendor", list="edit-vendors")
    guideline = line("Guideline", list="edit-guidelines")
    gold_items = _number("Gold items")
    bar = _number("Accuracy to show", "The lower end of the interval has to reach it: 0.9.")


class DeliveryForm(ReadForm):
    """Labels that came."""

    readers: ClassVar[Mapping[str, Reader]] = DELIVERY_FIELDS

    delivery = needed(line("Delivery", "Its number; the same again corrects it."))
    units = needed(_number("Labels"))
    guideline = _number("Guideline version", "Empty: the batch's.")
    classes = words("Labels by class", 3, "One line each: 3: 12.")
    overlap_units = _number("Labelled by two or more")
    reworks = line("Reworks", "The earlier delivery that these labels replace.")


class AdjudicationForm(ReadForm):
    """Labels that were decided where annotators differed."""

    readers: ClassVar[Mapping[str, Reader]] = ADJUDICATION_FIELDS

    delivery = line("Delivery")
    units = needed(_number("Labels adjudicated"))
    changed = needed(_number("Of these changed"))


class InspectionForm(ReadForm):
    """What an inspection found so far."""

    readers: ClassVar[Mapping[str, Reader]] = INSPECTION_FIELDS

    deliveries = line("Deliveries", "With commas between; empty is all that nobody inspected.")
    inspected = needed(_number("Labels inspected", "All of this lot so far."))
    defects = needed(_number("Of these wrong"))
    sentence = line("What was wrong")


class GoldForm(ReadForm):
    """How many gold items an annotator labelled right."""

    readers: ClassVar[Mapping[str, Reader]] = GOLD_FIELDS

    annotator = needed(line("Annotator", "An opaque reference such as p-7, never a name."))
    right = needed(_number("Right"))
    of = needed(_number("Of gold items"))
    guideline = _number("Guideline version")


class ExportForm(forms.Form):
    """An export of a labelling tool."""

    file = forms.FileField(
        label="Export",
        help_text="Label Studio (JSON, JSON-MIN, CSV), CVAT 1.1, COCO, Datumaro; or a ZIP.",
    )
