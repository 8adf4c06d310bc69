"""The week of a time sheet: projects and items by seven days, saved, submitted, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from headway.domain.accounts.rules import Permission, may
from headway.domain.checkins.queries.work import open_work
from headway.domain.costs.actions.weeks import set_week, turn_week
from headway.domain.costs.queries.weeks import allocated_to, last_lines, project_words, week_of
from headway.domain.costs.rules.weeks import LOCKED, WeekFacts, WeekLine, monday_of
from headway.domain.people.queries import own_person, person_named
from headway.errors import Conflict, HeadwayError, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, is_live

#: Empty rows for what was not foreseen.
_SPARE = 2
_DAYS = 7
_WEEK = timedelta(days=_DAYS)
_DONE = {
    "save": "The week of {week} is saved; it counts once it is submitted.",
    "submit": "The week of {week} is submitted: its hours count as cost.",
    "draft": "The week of {week} is a draft again and counts no longer.",
    "locked": "The week of {week} is locked.",
    "submitted": "The week of {week} is open to corrections again.",
}


@dataclass(frozen=True, slots=True)
class HourRow:
    """A row of the form: what is typed, day by day."""

    project: str
    item: str
    hours: Sequence[str]
    total: str = ""


def own_hours(request: WorkspaceRequest) -> HttpResponse:
    """Lead the reader to their own week; say why there is none."""
    person = own_person(request.actor)
    if person is None:
        return render(request, "people_web/nobody.html")
    return redirect("hours", workspace=request.place.slug, person=person.key)


def hours(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Show somebody's week; on POST write it, submit it, or turn its state."""
    today = request.now.date()
    week = _week(request, today)
    if request.method != "POST":
        held = week_of(request.actor, person, week)
        return _shown(request, held, _rows(request, held))
    typed = _typed(request.POST)
    try:
        held = _saved(request, person, week, typed)
    except (Invalid, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _shown(request, week_of(request.actor, person, week), typed, (error, status))
    do = request.POST.get("do", "save")
    words = _DONE.get("submit" if held.state != "draft" and do == "save" else do, _DONE["save"])
    tell(request, words.format(week=f"{week:%-d %b}"))
    return redirect(f"{address(request, 'hours', person=person)}?week={week}")


def _week(request: WorkspaceRequest, today: date) -> date:
    """Return the Monday that is asked for; this week's where nothing readable is."""
    text = request.POST.get("week") or request.GET.get("week") or ""
    try:
        return monday_of(date.fromisoformat(text)) if text else monday_of(today)
    except ValueError:
        sentence = f"'{text[:20]}' is not a day; write it as 2026-11-23."
        raise Invalid(sentence) from None


def _saved(
    request: WorkspaceRequest, person: str, week: date, typed: Sequence[HourRow]
) -> WeekFacts:
    actor, do, at = request.actor, request.POST.get("do", "save"), request.now
    number = request.POST.get("version", "")
    version = int(number) if number.isdecimal() and int(number) else None
    if do in ("draft", "locked", "submitted"):
        return turn_week(actor, person, week, do, at, version=version)
    lines = [(one.project, one.item, one.hours) for one in typed]
    return set_week(actor, person, week, lines, at, submit=do == "submit", version=version)


def _typed(sent: QueryDict) -> list[HourRow]:
    projects, items = sent.getlist("project"), sent.getlist("item")
    days = [sent.getlist(f"h{day}") for day in range(_DAYS)]
    return [
        HourRow(
            project,
            items[place] if place < len(items) else "",
            [day[place] if place < len(day) else "" for day in days],
        )
        for place, project in enumerate(projects[:200])
    ]


def _rows(request: WorkspaceRequest, held: WeekFacts) -> list[HourRow]:
    """Return the rows of the form: what was written, else what somebody is on, without hours."""
    if request.GET.get("copy"):
        copied = last_lines(request.actor, held.person, held.week)
        return [*map(_row, copied), *_spare()]
    if held.lines:
        return [*map(_row, held.lines), *_spare()]
    places = dict.fromkeys(
        [
            *((one.project, one.item) for one in last_lines(request.actor, held.person, held.week)),
            *allocated_to(request.actor, held.person, held.week),
            *_own_items(request, held),
        ]
    )
    return [*(HourRow(*place, [""] * _DAYS) for place in places), *_spare()]


def _own_items(request: WorkspaceRequest, held: WeekFacts) -> Iterable[tuple[str, str]]:
    person = person_named(request.actor, held.person)
    work = open_work(request.actor, [person], {person.id: held.week})
    last = held.week + _WEEK
    return [
        (one.project, one.item.key)
        for one in work[person.id]
        if one.item.started or (one.start is not None and one.start < last)
    ]


def _row(line: WeekLine) -> HourRow:
    return HourRow(
        line.project,
        line.item,
        [_said(one) for one in line.hours],
        _said(line.total),
    )


def _said(hours: Decimal) -> str:
    return f"{hours.normalize():f}" if hours else ""


def _spare() -> list[HourRow]:
    return [HourRow("", "", [""] * _DAYS)] * _SPARE


def _shown(
    request: WorkspaceRequest,
    held: WeekFacts,
    rows: Sequence[HourRow],
    failed: tuple[HeadwayError, int] | None = None,
) -> HttpResponse:
    leads = may(request.actor, Permission.PROGRAM)
    here = address(request, "hours", person=held.person)
    values = {
        "held": held,
        "person": person_named(request.actor, held.person),
        "rows": rows,
        "days": [(day, _said(told)) for day, told in zip(held.days, held.by_day, strict=True)],
        "total": _said(held.total),
        "leads": leads,
        "writes": is_live(request) and (leads or held.state != LOCKED),
        "live": is_live(request),
        "before": f"{here}?week={held.week - _WEEK}",
        "after": f"{here}?week={held.week + _WEEK}"
        if held.week < monday_of(request.now.date())
        else "",
        "copy": f"{here}?week={held.week}&copy=1",
        "projects": sorted(set(project_words(request.actor).values())),
        "problem": str(failed[0]) if failed else "",
    }
    return render(request, "people_web/hours.html", values, status=failed[1] if failed else 200)
