"""The forms of the law: one question, one duty, the impact assessment, an incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from headway.domain.compliance.actions.dpia import DECISIONS
from headway.domain.compliance.rules.dpia import RESIDUAL
from headway.domain.compliance.rules.inputs import DUTY_FIELDS, INCIDENT_FIELDS
from headway.domain.compliance.rules.law import Kind, Part, Question, gdpr
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.law.words import DUTY_STATES, HARMS
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

NONE = "none"
_NONE_OF_THEM = (NONE, "None of these")
_YES_NO = [("yes", "Yes"), ("no", "No")]


class AnswerForm(ReadForm):
    """One question: an answer and its reason. Leaving it blank is never an answer."""

    value: forms.Field = forms.CharField(label="Answer")
    rationale = needed(words("Why", 3))
    field_order = ("value", "rationale")

    def clean(self) -> dict[str, object]:
        """Refuse an answer that says none and names one."""
        found = super().clean()
        value = found.get("value")
        if isinstance(value, list) and NONE in value and len(value) > 1:
            self.add_error("value", "You ticked “None of these” and another; leave one.")
        return found


def answer_form(question: Question) -> type[AnswerForm]:
    """Return the form of one question of the Act, with a control of its kind."""

    class Asked(AnswerForm):
        value = _control(question)

    return Asked


def screening_form(question: Part) -> type[AnswerForm]:
    """Return the form of one question of the screening: yes or no."""

    class Screened(AnswerForm):
        value = forms.ChoiceField(
            label=question.title,
            help_text=question.help,
            choices=_YES_NO,
            widget=forms.RadioSelect,
        )

    return Screened


def _control(question: Question) -> forms.Field:
    choices = [
        (one.id, f"{one.words} ({one.article})" if one.article else one.words)
        for one in question.options
    ]
    kept: dict[str, Any] = {"label": question.ask, "help_text": question.help}
    match question.kind:
        case Kind.YES_NO:
            return forms.ChoiceField(choices=_YES_NO, widget=forms.RadioSelect, **kept)
        case Kind.ONE_OF:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kept)
        case Kind.DAY:
            return forms.CharField(max_length=20, **kept)
        case Kind.ANY_OF:
            choices = [*choices, _NONE_OF_THEM]
    return forms.MultipleChoiceField(
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Nothing is ticked; silence is no answer."},
        **kept,
    )


class DutyForm(ReadForm):
    """How a system stands to an obligation."""

    readers: ClassVar[Mapping[str, Reader]] = DUTY_FIELDS

    state = forms.ChoiceField(label="State", choices=list(DUTY_STATES.items()))
    owner = line("Whose it is", "Empty: the system's owner.")
    rationale = words("How it is met, or why it does not apply", 3)
    records = line("Records that show it", "Their numbers in the ledger, such as 12, 15.")
    done_on = day_field("Done on")
    review_on = day_field("Looked at again on", "From then on it is stale.")


def _part(part_id: str) -> forms.CharField:
    """Return the field of one part of the assessment."""
    part = next(one for one in gdpr().parts if one.id == part_id)
    found = words(f"{part.title} ({part.article})", 4)
    found.help_text = part.help
    return found


class DocumentForm(ReadForm):
    """The impact assessment, part by part."""

    description = _part("description")
    necessity = _part("necessity")
    risks = _part("risks")
    measures = _part("measures")
    advice = _part("advice")
    views = _part("views")
    residual_risk = forms.ChoiceField(
        label="Risk that the measures leave",
        choices=[("", "Not said yet"), *((one, one.capitalize()) for one in RESIDUAL)],
        required=False,
    )
    consulted = line(
        "Consultation of the authority (Art. 36)", "When a high risk is left: when, and what."
    )


class ApprovalForm(ReadForm):
    """What privacy says of the impact assessment, on what it said when it was read."""

    readers: ClassVar[Mapping[str, Reader]] = {"statement": text(5_000)}

    decision = forms.ChoiceField(
        label="Decision", choices=[(one, one.capitalize()) for one in DECISIONS]
    )
    statement = words("What you say to it", 3)
    seen_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class IncidentForm(ReadForm):
    """A serious incident: what, how grave, and since when we know."""

    readers: ClassVar[Mapping[str, Reader]] = INCIDENT_FIELDS

    title = needed(line("What happened"))
    harm = forms.ChoiceField(label="Harm", choices=list(HARMS.items()))
    aware_at = line("Aware since (UTC)", "Empty: now.", type="datetime-local")
    owner = line("Who reports it")


class NewIncidentForm(IncidentForm):
    """A new incident, of one of the systems."""

    system = forms.ChoiceField(label="System")
    field_order = ("system", "title", "harm", "aware_at", "owner")

    def __init__(
        self,
        systems: list[tuple[str, str]],
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        """Fill the form with the systems there are."""
        super().__init__(data, initial=initial)
        self.fields["system"].choices = systems  # type: ignore[attr-defined]


class StepForm(ReadForm):
    """A step of an incident, and when it was taken."""

    readers: ClassVar[Mapping[str, Reader]] = {"when": INCIDENT_FIELDS["aware_at"]}

    when = line("When (UTC)", "Empty: now.", type="datetime-local")
    words = words("In words", 3)
