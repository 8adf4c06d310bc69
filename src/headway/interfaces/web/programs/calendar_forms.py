"""The forms of calendars: a day or a span of hours a line, read back by the domain."""

from __future__ import annotations

from django import forms

from headway.domain.programs.rules.calendars import form_calendar
from headway.errors import Invalid
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words


def lines(label: str, help_text: str) -> forms.CharField:
    """Return a field that takes one entry a line."""
    field = words(label, 4)
    field.help_text = help_text
    return field


class CalendarForm(ReadForm):
    """When work goes on: weekdays, hours, and the days that differ."""

    weekdays = needed(line("Weekdays", "Such as mon tue wed thu fri."))
    hours = needed(line("Hours", "Such as 09:00-12:00, 13:00-17:00; 22:00-06:00 is a night."))
    other_hours = lines("Weekdays with other hours", "One a line: fri 09:00-13:00.")
    holidays = lines("Days off", "One a line: 2026-12-25.")
    extra = lines(
        "Days with hours of their own",
        "One a line, worked whatever the weekday: 2026-12-24 09:00-13:00.",
    )
    zone = line("Time zone", "Whose clocks the hours are read by, such as Europe/Berlin.")

    def clean(self) -> dict[str, object]:
        """Say above the form what makes no sense together."""
        found = super().clean()
        if not self.errors:
            try:
                form_calendar("calendar", found)
            except Invalid as error:
                for problem in error.problems or ():
                    self.add_error(None, problem.sentence)
                if not error.problems:
                    self.add_error(None, str(error))
        return found


class NewCalendarForm(CalendarForm):
    """A calendar with its name."""

    name = needed(line("Name", "What items and resources call it, such as night shift."))
    field_order = ("name", "weekdays", "hours", "other_hours", "holidays", "extra", "zone")


class DaysOffForm(forms.Form):
    """An iCalendar file whose events are days off, and the calendar that they are taken off."""

    calendar = forms.ChoiceField(label="Calendar", required=False)
    file = forms.FileField(
        label="iCalendar file (.ics)",
        help_text="Holidays or leave; its events are time off, with their repetitions.",
        error_messages={"required": "No file was chosen; choose one that ends in .ics."},
    )
