"""What may be chosen when a pack is frozen, and what is typed when a template is kept."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from headway.domain.reports.queries import TemplateLine
from headway.domain.reports.rules import LONGEST_REASON, Audience, PackDraft

#: What stands for "on no template" among the choices.
_NONE = "-"


class FreezeForm(forms.Form):
    """For whom the pack is frozen, why a greener judgement is told, on which template."""

    audiences = forms.MultipleChoiceField(
        label="For whom",
        choices=[(one.value, one.value.capitalize()) for one in Audience if one != "vendor"],
        widget=forms.CheckboxSelectMultiple,
        initial=[one.value for one in Audience if one != "vendor"],
        error_messages={"required": "Choose at least one audience."},
    )
    vendors = forms.CharField(
        label="Letters to vendors",
        required=False,
        max_length=2_000,
        help_text="Names or roster keys separated by commas; each gets its own letter.",
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why a judgement greener than the evidence is told. It stands in every format.",
    )
    template = forms.ChoiceField(label="Slides on", required=False)

    def __init__(
        self, *args: object, decks: Iterable[TemplateLine] = (), **options: object
    ) -> None:
        """Offer the decks that are kept."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        kept = list(decks)
        default = next((one.name for one in kept if one.is_default), _NONE)
        choice = self.fields["template"]
        choice.choices = [  # type: ignore[attr-defined]
            (_NONE, "Headway's own slides"),
            *((one.name, one.name) for one in kept),
        ]
        choice.initial = default

    def ask_for_a_reason(self) -> None:
        """Show the reason as needed: a judgement is greener than the evidence."""
        self.fields["reason"].required = True
        self.use_required_attribute = False  # the refusal says why, a browser's bubble does not

    def draft(self) -> PackDraft:
        """Return what was chosen."""
        held = self.cleaned_data
        chosen = held["template"]
        return PackDraft(
            audiences=tuple(held["audiences"]),
            vendors=tuple(held["vendors"].split(",")),
            reason=held["reason"],
            template=None if not chosen else "" if chosen == _NONE else chosen,
        )


class TemplateForm(forms.Form):
    """A deck to keep."""

    name = forms.CharField(label="Name", max_length=100, help_text="As people will choose it.")
    file = forms.FileField(
        label="Deck (.pptx)",
        help_text="At most 8 MB, without macros and without links to the outside.",
        widget=forms.FileInput(attrs={"accept": ".pptx"}),
    )
    is_default = forms.BooleanField(label="Lay decks out on it from now on", required=False)
