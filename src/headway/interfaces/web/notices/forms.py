"""The form of notification preferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from headway.domain.notices.rules import CHOICES, KIND_WORDS, PREFERENCE_FIELDS, Kind
from headway.domain.people.rules.moments import WEEKDAYS
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed

_HOW_WORDS = {
    "immediate": "At once",
    "daily": "In a daily digest",
    "weekly": "In a weekly digest",
    "none": "No mail",
}
_DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]


def hour(label: str, help_text: str = "") -> forms.CharField:
    """Return a field that takes a time of day."""
    widget = forms.TextInput(attrs={"type": "time"})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


class PreferenceForm(ReadForm):
    """How a member wants to be told, kind by kind, and when not."""

    readers: ClassVar[Mapping[str, Reader]] = {
        name: read for name, read in PREFERENCE_FIELDS.items() if name != "hows"
    }

    mail_at = needed(hour("Digests go out at"))
    week_day = forms.ChoiceField(label="Weekly mails on", choices=_DAYS)
    brief_at = needed(hour("The brief goes out at", "On the day of weekly mails."))
    quiet_brief = forms.BooleanField(
        label="Send the brief in a week when nothing needs me, too", required=False
    )
    time_zone = line("Time zone", "Such as Europe/Berlin; empty: the workspace's.")
    quiet_from = hour("No mail from", "Both ends empty: no quiet hours.")
    quiet_until = hour("until")
    quiet_days = forms.MultipleChoiceField(
        label="No mail on", choices=_DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form; each kind of notice has a field of its own, before the rest."""
        super().__init__(data, initial=initial)
        kinds = {f"how_{kind}": _how(kind) for kind in Kind}
        self.fields = {**kinds, **self.fields}
        self.fields["mail_at"].widget.attrs.pop("data-focus", None)  # it is no longer the first

    @property
    def typed(self) -> dict[str, object]:
        """Return what was chosen, as the action takes it."""
        held = super().typed
        hows = {str(kind): held.pop(f"how_{kind}") for kind in Kind}
        return {"hows": hows, **held}


def _how(kind: Kind) -> forms.ChoiceField:
    label, help_text = KIND_WORDS[kind]
    words = {**_HOW_WORDS, "weekly": "Once a week"} if kind == Kind.BRIEF else _HOW_WORDS
    choices = [(str(how), words[how]) for how in CHOICES[kind]]
    return forms.ChoiceField(label=label, help_text=help_text, choices=choices)
