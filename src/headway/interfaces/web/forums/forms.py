"""The forms of a forum, of a meeting's time, and of one line of its minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.http import QueryDict

from headway.domain.forums.rules import FORUM_FIELDS, ForumKind, MinuteDraft
from headway.domain.people.rules.moments import needed_of, read_hour
from headway.domain.programs.rules.fields import Reader, day, number, text
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed

KINDS = [(str(kind), str(kind).replace("_", " ").capitalize()) for kind in ForumKind]
#: What the one-line form writes; decisions have forms of their own.
SORTS = [("note", "Note"), ("action", "Action"), ("risk", "Risk"), ("blocker", "Blocker")]


class ForumForm(ReadForm):
    """Who meets, about what, how often."""

    readers = FORUM_FIELDS

    name = needed(line("Name", "Such as: Monday weekly."))
    kind = forms.ChoiceField(
        label="Kind", choices=KINDS, help_text="It says what the agenda holds."
    )
    members = line("Members", "Keys of the roster with commas between.", list="edit-people")
    first_on = needed(day_field("First meeting on"))
    hour = needed(line("At", "Such as 10:00.", inputmode="numeric"))
    time_zone = line("Time zone", "Such as Europe/Berlin; empty: UTC.")
    every_weeks = needed(line("Every so many weeks", inputmode="numeric"))
    minutes = needed(line("Minutes", inputmode="numeric"))
    place = line("Place", "A room, or an address to dial.")


class MoveForm(ReadForm):
    """Another time for a planned meeting, on the forum's own clock."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "day": needed_of(day, "a day such as 2026-12-07"),
        "hour": needed_of(read_hour, "a time such as 10:00"),
    }

    day = needed(day_field("Day"))
    hour = needed(line("At", "Such as 10:00, on the forum's own clock.", inputmode="numeric"))


class MinuteForm(forms.Form):
    """One line of the minutes."""

    sort = forms.ChoiceField(label="What", choices=SORTS)
    words = forms.CharField(label="Words", max_length=2_000)
    who = forms.CharField(label="Who", required=False, max_length=200)
    by = forms.CharField(label="By", required=False)
    probability = forms.CharField(label="Chance", required=False)

    def __init__(self, data: QueryDict | None = None, *, focus: bool = False) -> None:
        """Fill the form; with `focus` the words take it: the next line is written at once."""
        super().__init__(data, auto_id="minute-%s")
        self.fields["who"].widget.attrs["list"] = "minute-people"
        self.fields["by"].widget.input_type = "date"
        self.fields["probability"].widget.attrs |= {"inputmode": "decimal", "placeholder": "0.3"}
        if focus:
            self.fields["words"].widget.attrs["data-focus"] = True

    def draft(self) -> MinuteDraft:
        """Return the line as the action takes it. Raises Invalid for what is no day or chance."""
        typed = self.cleaned_data
        chance = number(0, 1)("chance", typed["probability"])
        return MinuteDraft(
            typed["sort"],
            str(text(2_000)("words", typed["words"])),
            typed["who"],
            day("day", typed["by"]),
            chance,  # type: ignore[arg-type]
        )
