"""Levelling of a program: the proposal, how it is improved, and Apply, Undo and Clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions import (
    apply_levelling,
    cancel_levelling,
    clear_levelling,
    forecast_soon,
    propose_levelling,
    undo_levelling,
)
from headway.domain.plans.queries import (
    held_now,
    latest_forecast,
    latest_levelling,
    levelling_of,
    plan_value,
)
from headway.domain.plans.rules.levelling import SECONDS, LevellingFacts
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, asked_version, leave
from headway.interfaces.web.programs.forecasting import drawn
from headway.interfaces.web.programs.program import head_of
from headway.rendering import phrases
from headway.rendering.charts import Chart, LoadOf, LoadWeek, resource_load

#: Rows of the table of moves that a page shows; the rest is counted.
MOST_MOVES = 200

_HOW_LONG = (("0", "the first answer"), ("10", "10 seconds"), ("60", "a minute"), ("300", "5 min"))


class LevellingForm(forms.Form):
    """Which resources to level, whether within float only, and how long to search."""

    resources = forms.MultipleChoiceField(
        label="Level", required=False, widget=forms.CheckboxSelectMultiple
    )
    smooth = forms.BooleanField(
        label="Within float only: the finish stays where it is", required=False
    )
    seconds = forms.ChoiceField(label="Search for", choices=_HOW_LONG, initial=f"{SECONDS:g}")

    def __init__(self, data: Any = None, *, names: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form; `names` are those of the program's resources."""
        super().__init__(data, **given)
        field: Any = self.fields["resources"]
        field.choices = [(name, name) for name in names]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """An item that moves: its name and address, when it starts as planned and levelled."""

    name: str
    href: str
    key: str
    before: date | None
    after: date | None
    days: float
    is_held: bool


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """What stays in conflict, when, and why."""

    name: str
    href: str
    resource: str
    begins: date | None
    ends: date | None
    reason: str


def levelling(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer first: the levelled finish against the planned one; then what moves, and the load."""
    facts = program_named(request.actor, program, request.at)
    found = latest_levelling(request.actor, facts, clock.now(), request.at)
    return _page(request, program, found)


def propose(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Compute a proposal of what the form asks."""
    facts = program_named(request.actor, program)
    names = [one.name for one in resources_of(request.actor, facts)]
    form = LevellingForm(request.POST, names=names)
    if form.is_valid():
        try:
            propose_levelling(request.actor, program, form.cleaned_data, request.now, clock.now())
        except (Invalid, NotFound) as error:
            form.add_error(None, str(error))
        else:
            return redirect(address(request, "levelling", program=program))
    found = latest_levelling(request.actor, facts, clock.now())
    return _page(request, program, found, form)


def progress(request: WorkspaceRequest, program: str, levelling: UUID) -> HttpResponse:
    """Say how far a search is: a fragment that asks for itself until it has ended."""
    facts = program_named(request.actor, program, request.at)
    return _fragment(request, levelling_of(request.actor, facts, levelling, clock.now()))


def cancel(request: WorkspaceRequest, program: str, levelling: UUID) -> HttpResponse:
    """Stop the search; the best answer so far stands."""
    found = cancel_levelling(request.actor, (program, levelling), request.now, clock.now())
    if request.htmx:
        return _fragment(request, found)
    return redirect(address(request, "levelling", program=program))


def apply(request: WorkspaceRequest, program: str, levelling: UUID) -> HttpResponse:
    """Hold the items back as proposed; the forecast moves with them."""
    place, version = (program, levelling), asked_version(request)
    apply_levelling(request.actor, place, request.now, clock.now(), version=version)
    undo = address(request, "undo_levelling", program=program, levelling=levelling)
    return _moved(request, program, Done("The plan is levelled, and the forecast moved.", undo))


def undo(request: WorkspaceRequest, program: str, levelling: UUID) -> HttpResponse:
    """Put back what applying replaced."""
    undo_levelling(request.actor, (program, levelling), request.now, clock.now())
    return _moved(request, program, Done("The plan is as it was before it was levelled."))


def clear(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Let every item go that levelling holds back."""
    count = clear_levelling(request.actor, program, request.now)
    told = f"Levelling is cleared: {count} item{'s' if count != 1 else ''} may start by its links."
    return _moved(request, program, Done(told))


def _moved(request: WorkspaceRequest, program: str, done: Done) -> HttpResponse:
    forecast_soon(request.actor, program, request.now)
    return leave(request, address(request, "levelling", program=program), done)


def _page(
    request: WorkspaceRequest,
    program: str,
    found: LevellingFacts | None,
    form: LevellingForm | None = None,
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    plan = plan_value(request.actor, facts, request.at)
    names = {item.id: item.name for item in plan.items}
    there = [resource.name for resource in plan.resources]
    answer = found.answer if found else {}
    moves = [_move(request, row, names) for row in answer.get("moves", ())]
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at)) | {
        "found": found,
        "told": _told(found) if found and found.has_answer else "",
        "form": form or LevellingForm(names=there, initial=_asked(found)),
        "is_refused": form is not None,
        "resources": there,
        "resources_page": address(request, "resources", program=program),
        "needs": any(item.needs for item in plan.items),
        "held": held_now(request.actor, facts, request.at),
        "moves": moves[:MOST_MOVES],
        "more_moves": max(0, len(moves) - MOST_MOVES),
        "conflicts": [_conflict(request, row, names) for row in answer.get("conflicts", ())],
        "charts": [_chart(row) for row in _ranked(answer.get("loads", ()))],
        "job": _job(request, found) if found and not found.has_ended else None,
    }
    return render(
        request, "programs_web/levelling.html", values, status=422 if form is not None else 200
    )


def _asked(found: LevellingFacts | None) -> Mapping[str, object]:
    if found is None:
        return {}
    options = found.options
    return {"resources": list(options.resources), "smooth": options.smooth}


def _told(found: LevellingFacts) -> str:
    """Return the answer in one sentence."""
    answer = found.answer
    ends, before = (phrases.day(_day(answer[name])) for name in ("finish", "finish_before"))
    bound = phrases.day(_day(answer["lower_bound_date"]))
    said = f"Levelled finish {ends}, as before" if ends == before else ""
    said = said or f"Levelled finish {ends} instead of {before}"
    said += "; proved to be the earliest" if answer["status"] == "optimal" else ""
    said += f"; lower bound {bound}" if answer["status"] != "optimal" else ""
    count = len(answer["conflicts"])
    left = f"{count} conflict{'s remain' if count != 1 else ' remains'}" if count else "no conflict"
    return f"{said}; {left}{'' if count else ' remains'}."


def _move(request: WorkspaceRequest, row: Mapping[str, Any], names: Mapping[str, str]) -> MoveRow:
    return MoveRow(
        name=names.get(row["item"], row["name"]),
        href=_item(request, row["item"]),
        key=row["item"],
        before=_day(row["before_date"]),
        after=_day(row["after_date"]),
        days=row["shift"],
        is_held=row["held"],
    )


def _conflict(
    request: WorkspaceRequest, row: Mapping[str, Any], names: Mapping[str, str]
) -> ConflictRow:
    return ConflictRow(
        name=names.get(row["item"], row["item"]),
        href=_item(request, row["item"]),
        resource=row["resource"],
        begins=_day(row["from_date"]),
        ends=_day(row["to_date"]),
        reason=row["reason"],
    )


def _item(request: WorkspaceRequest, item: str) -> str:
    project, _, key = item.partition("/")
    return address(request, "item", project=project, item=key)


def _ranked(loads: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the loads that can be drawn, those that are asked for too much first."""
    drawable = [row for row in loads if row["weeks"]]
    return sorted(drawable, key=lambda row: (-row["over_before"], row["resource"]))


def _chart(row: Mapping[str, Any]) -> Chart:
    weeks = tuple(
        LoadWeek(
            date.fromisoformat(week["begins"]), week["capacity"], week["before"], week["after"]
        )
        for week in row["weeks"]
    )
    return drawn(
        resource_load, LoadOf(row["resource"], weeks, row["over_before"], row["over_after"])
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _job(request: WorkspaceRequest, found: LevellingFacts) -> Mapping[str, object]:
    place = {"program": found.program, "levelling": found.id}
    best = f" Best so far: {phrases.day(_day(found.answer['finish']))}." if found.has_answer else ""
    return {
        "id": found.id,
        "label": "Searching for an earlier finish",
        "state": "ended" if found.has_ended else "running",
        "done": found.done / found.total if found.done and found.total else None,
        "total": 1,
        "sentence": f"{found.sentence}{best}",
        "href": address(request, "levelling_progress", **place),
        "cancel": address(request, "cancel_levelling", **place),
    }


def _fragment(request: WorkspaceRequest, found: LevellingFacts) -> HttpResponse:
    if not request.htmx:
        return redirect(address(request, "levelling", program=found.program))
    response = render(request, "layout/_job.html", {"job": _job(request, found)})
    if found.has_ended:
        response["HX-Refresh"] = "true"  # the table tells the better answer
    return response
