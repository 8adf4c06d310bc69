"""The forms of somebody on the roster, and what the check-in page sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django import forms
from django.http import QueryDict

from headway.domain.checkins.queries import CheckInPage, OpenWork
from headway.domain.checkins.rules import MOST_ITEMS, ItemAnswer
from headway.domain.people.rules import PERSON_FIELDS, RHYTHM_FIELDS
from headway.domain.people.rules.moments import WEEKDAYS
from headway.domain.people.rules.working_time import WORKING_TIME_FIELDS, form_schedule
from headway.domain.plans.rules import range_text
from headway.domain.programs.rules.fields import Reader
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid
from headway.interfaces.web.notices.forms import hour
from headway.interfaces.web.programs.calendar_forms import lines
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed

_DAYS = [("", "As usual (Thursday)"), *((str(n), name) for n, name in enumerate(WEEKDAYS))]
_PARTS = ("low", "mid", "high")


class RhythmForm(ReadForm):
    """When somebody is asked to check in."""

    readers: ClassVar[Mapping[str, Reader]] = RHYTHM_FIELDS

    is_asked = forms.BooleanField(label="Ask once a week how the work stands", required=False)
    check_in_day = forms.ChoiceField(label="On", choices=_DAYS, required=False)
    check_in_at = hour("At", "Empty: at 10:00.")
    time_zone = line("Time zone", "Such as Europe/Berlin; empty: the workspace's.")
    away_until = day_field("Away until", "The day they are back; nobody is asked before it.")


class PersonForm(RhythmForm):
    """Somebody on the roster."""

    readers: ClassVar[Mapping[str, Reader]] = {**PERSON_FIELDS, "key": read_slug}

    key = needed(line("Key", "Short and lasting, such as engineer-1; work names its owner by it."))
    name = needed(line("Name"))
    role = line("Role", "What they do, such as data scientist.", list="edit-roles")
    level = line("Level", "Of the rate card; empty: as their role.", list="edit-levels")
    team = line("Team", list="edit-teams")
    place = line("Place", "Where they work, such as Berlin.", list="edit-places")
    manager = line("Manager", "The key of somebody on the roster.", list="edit-people")
    starts_on = day_field("First day", "Empty: they are here.")
    ends_on = day_field("Last day", "Empty: they stay.")
    full_time_share = line(
        "Share of full time", "1 is full time, 0.5 half of it.", inputmode="decimal"
    )
    email = line("E-mail", "Where they are asked; with it a member is known as this person.")

    field_order = (
        "key",
        "name",
        "role",
        "level",
        "team",
        "place",
        "manager",
        "starts_on",
        "ends_on",
        "full_time_share",
        "email",
    )


class WorkingTimeForm(ReadForm):
    """When somebody works; without weekdays it is whenever their work's calendar does."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "changes": WORKING_TIME_FIELDS["changes"],
        "absences": WORKING_TIME_FIELDS["absences"],
    }

    absences = lines("Away", "One a line, both days included: 2026-12-21 to 2027-01-03.")
    weekdays = line("Weekdays", "Such as mon tue wed thu; empty: as the calendar of the work.")
    hours = line("Hours", "Such as 09:00-12:00, 13:00-17:00; empty: 09:00-17:00.")
    other_hours = lines("Weekdays with other hours", "One a line: fri 09:00-13:00.")
    zone = line("Time zone", "Where they work, such as Europe/Berlin.")
    holidays = lines("Holidays of the place", "One a line: 2026-12-25.")
    extra = lines(
        "Days with hours of their own",
        "One a line, worked whatever the weekday: 2026-12-24 09:00-13:00.",
    )
    changes = lines("From a day on", "One a line: 2027-01-04 mon tue wed 09:00-13:00.")

    def clean(self) -> dict[str, object]:
        """Say above the form what makes no sense together."""
        found = super().clean()
        if not self.errors:
            try:
                form_schedule(found)
            except Invalid as error:
                for sentence in [one.sentence for one in error.problems] or [str(error)]:
                    self.add_error(None, sentence)
        return found


@dataclass(slots=True)
class Row:
    """One piece of work on the check-in page: what is typed, and what is wrong with it."""

    place: int
    work: OpenWork
    started: bool
    started_on: str
    finished: bool
    finished_on: str
    left: Sequence[str]
    blocked_by: str
    version: int
    errors: list[str] = field(default_factory=list)

    @property
    def now(self) -> str:
        """Return what the plan says is left today."""
        return range_text(self.work.left)


def rows_of(page: CheckInPage, sent: QueryDict | None = None) -> list[Row]:
    """Return the page's rows as the plan has them, or as they were `sent`."""
    known = _sent_places(sent) if sent is not None else {}
    return [
        _row(page, number, work, known.get(work.address), sent)
        for number, work in enumerate(page.work)
    ]


def _row(
    page: CheckInPage, number: int, work: OpenWork, place: int | None, sent: QueryDict | None
) -> Row:
    today, item = page.today.isoformat(), work.item
    if sent is None or place is None:
        numbers = [f"{one:g}" for one in work.left or ()]
        return Row(
            place=number,
            work=work,
            started=item.started is not None,
            started_on=item.started.isoformat() if item.started else today,
            finished=False,
            finished_on=today,
            left=numbers if len(numbers) == 3 else ["", "", ""],
            blocked_by=page.blocked.get(work.address, ""),
            version=item.version,
        )
    return Row(
        place=number,
        work=work,
        started=f"{place}-started" in sent,
        started_on=sent.get(f"{place}-started-on", today),
        finished=f"{place}-finished" in sent,
        finished_on=sent.get(f"{place}-finished-on", today),
        left=[sent.get(f"{place}-{part}", "") for part in _PARTS],
        blocked_by=sent.get(f"{place}-blocked", ""),
        version=item.version,
    )


def _sent_places(sent: QueryDict) -> dict[str, int]:
    """Return the number of each item among what was sent, by its address."""
    places = {sent.get(f"{n}-item", ""): n for n in range(MOST_ITEMS)}
    return {address: n for address, n in places.items() if address}


def answers_in(sent: QueryDict) -> list[ItemAnswer]:
    """Return what was sent as answers; the domain judges each."""
    return [_answer(sent, address, place) for address, place in sorted(_sent_places(sent).items())]


def _answer(sent: QueryDict, address: str, place: int) -> ItemAnswer:
    project, _, key = address.partition("/")
    days = {
        name: sent.get(f"{place}-{name}-on", "") if f"{place}-{name}" in sent else None
        for name in ("started", "finished")
    }
    numbers = [text for part in _PARTS if (text := sent.get(f"{place}-{part}", "").strip())]
    version = sent.get(f"{place}-version", "")
    return ItemAnswer(
        project,
        key,
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        {**days, "left": "/".join(numbers) or None, "blocked_by": sent.get(f"{place}-blocked", "")},
    )


def say_both(rows: Sequence[Row], sent: QueryDict) -> None:
    """Say beside each item that changed meanwhile what it is now; sent again, the typed wins."""
    places = _sent_places(sent)
    for row in rows:
        place = places.get(row.work.address)
        if place is None or sent.get(f"{place}-version") == str(row.version):
            continue
        item = row.work.item
        begun = f"started on {item.started:%Y-%m-%d}" if item.started else "not started"
        row.errors.append(
            f"Somebody changed this since you opened it. It is {begun} with {row.now or 'nothing'} "
            f"days left now; you wrote {'/'.join(filter(None, row.left)) or 'nothing'}. "
            "Send it once more to keep what you wrote."
        )


def blame(rows: Sequence[Row], error: Invalid) -> bool:
    """Put what is wrong beside its item; False when it belongs to none of them."""
    by_address = {row.work.address: row for row in rows}
    placed = False
    for problem in error.problems:
        if problem.where in by_address:
            by_address[problem.where].errors.append(problem.sentence)
            placed = True
    return placed
