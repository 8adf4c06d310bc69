"""Writing to a register: the same five views for each of the four."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from headway.domain.people.queries import names_of
from headway.domain.plans.actions import forecast_soon, plan_promise
from headway.domain.plans.queries import plan_value
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.raid.registers import (
    PROMISES,
    Register,
    confirm,
    criterion_addresses,
    held_fields,
)

View = Callable[..., HttpResponse]


def adding(register: Register) -> View:
    """Return the view that writes a new entry down; its key is made of its words."""

    def view(request: WorkspaceRequest, program: str) -> HttpResponse:
        facts = program_named(request.actor, program)

        def save(values: dict[str, object], _version: int | None) -> Done:
            made = register.save(request, (program, ""), values)
            return Done(f"“{made.name}” is written down.")

        edit = Edit(
            f"Add {register.article}",
            address(request, "raid", program=program),
            register.form,
            save,
            register.initial,
            blame=_blame(register),
            lists=_lists(request, facts),
        )
        return edit_page(request, lambda: edit)

    return view


def editing(register: Register) -> View:
    """Return the view that changes an entry and the items it touches."""

    def view(request: WorkspaceRequest, program: str, **place: str) -> HttpResponse:
        facts, key = program_named(request.actor, program), place[register.sort]
        here = {"program": program, register.sort: key}

        def save(values: dict[str, object], version: int | None) -> Done:
            before, _ = register.read(request.actor, facts, key, request.now.date())
            saved = register.save(request, (program, key), values, version)
            undo = _undo(request, register, here, before.version)
            return Done(f"“{saved.name}” is changed.", undo if saved != before else "")

        def load() -> Edit:
            held, items = register.read(request.actor, facts, key, request.now.date())
            fields = held_fields(request, register, held, facts)
            return Edit(
                f"Edit the {register.sort}",
                address(request, register.sort, **here),
                register.form,
                save,
                fields | {"items": ", ".join(one.address for one in items)},
                held.version,
                blame=_blame(register),
                lists=_lists(request, facts),
            )

        return edit_page(request, load)

    return view


def closing(register: Register) -> View:
    """Return the view that closes an entry with what became of it; the toast opens it again."""

    def view(request: WorkspaceRequest, program: str, **place: str) -> HttpResponse:
        facts, key = program_named(request.actor, program), place[register.sort]
        before, _ = register.read(request.actor, facts, key, request.now.date())
        sentence = register.close(request, (program, key), asked_version(request))
        here = {"program": program, register.sort: key}
        done = Done(sentence, _undo(request, register, here, before.version))
        return leave(request, address(request, register.sort, **here), done)

    return view


def reopening(register: Register) -> View:
    """Return the view that opens an entry again."""

    def view(request: WorkspaceRequest, program: str, **place: str) -> HttpResponse:
        key = place[register.sort]
        version = asked_version(request)
        held = register.reopen(request.actor, program, key, request.now, version=version)
        here = {"program": program, register.sort: key}
        done = Done(f"“{held.name}” is open again.")
        return leave(request, address(request, register.sort, **here), done)

    return view


def restoring(register: Register) -> View:
    """Return the view that puts an entry back to an earlier version."""

    def view(request: WorkspaceRequest, program: str, version: int, **place: str) -> HttpResponse:
        key = place[register.sort]
        back = register.restore(request.actor, program, key, version, request.now)
        if register.weigh is not None:
            register.weigh(request.actor, program, key, request.now)
        here = {"program": program, register.sort: key}
        page = address(request, register.sort, **here)
        return leave(request, page, Done(f"“{back.name}” is as it was before."))

    return view


def confirm_view(request: WorkspaceRequest, program: str, promise: str) -> HttpResponse:
    """Note that a promise was confirmed; the toast takes it back."""
    facts = program_named(request.actor, program)
    before, _ = PROMISES.read(request.actor, facts, promise, request.now.date())
    here = {"program": program, "promise": promise}
    sentence = confirm(request, (program, promise), asked_version(request))
    done = Done(sentence, _undo(request, PROMISES, here, before.version))
    return leave(request, address(request, "promise", **here), done)


def plan_view(request: WorkspaceRequest, program: str, promise: str) -> HttpResponse:
    """Take the promised day into the plan; the forecast moves."""
    moved = plan_promise(request.actor, program, promise, request.now)
    forecast_soon(request.actor, program, request.now)
    done = Done(f"The plan waits for it now: {', '.join(moved)}.")
    return leave(request, address(request, "promise", program=program, promise=promise), done)


def _undo(request: WorkspaceRequest, register: Register, here: dict[str, str], version: int) -> str:
    return address(request, f"restore_{register.sort}", **here, version=version)


def _blame(register: Register) -> str:
    """Return the field beside which the form says what an action refuses."""
    return "items" if register.tie is not None else ""


def _lists(request: WorkspaceRequest, program: ProgramFacts) -> dict[str, list[str]]:
    return {
        "edit-people": sorted(names_of(request.actor)),
        "edit-items": [item.id for item in plan_value(request.actor, program).items],
        "edit-criteria": sorted(criterion_addresses(request, program)),
    }
