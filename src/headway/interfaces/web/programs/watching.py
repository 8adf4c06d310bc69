"""What is watched after a decision was taken, and letting its answer stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.http import HttpResponse

from headway.domain.plans.actions import keep_decision, watch_decision
from headway.domain.plans.queries import decision_named
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import Reader, day, number, text
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


class WatchForm(ReadForm):
    """When an answer should be looked at again; any part that is met is enough."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "day": day,
        "p_on_time_below": number(0, 1),
        "criterion": text(121),
        "assumption": text(60),
    }

    day = day_field("A day has passed")
    p_on_time_below = line("P(on time) falls below", "From 0 to 1, such as 0.4.")
    criterion = line("A promise is unmet", "Its address: project/key, such as reading/recall.")
    assumption = line("An assumption fails", "Its key in this program.")


def watch(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Say what is watched; when it is met the decision is marked, and never opened by itself."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        place = (program, decision)
        held = watch_decision(request.actor, place, values, request.now, version=version)
        watched = held.trigger.sentence
        return Done(f"Watched: {watched}." if watched else "Nothing is watched.")

    def load() -> Edit:
        held = decision_named(request.actor, facts, decision)
        page = address(request, "decision", program=program, decision=decision)
        fields = {name: held.reopen_on.get(name) for name in WatchForm.readers}
        form = "Look at this answer again when"
        return Edit(form, page, WatchForm, save, fields, held.version, blame="criterion")

    return edit_page(request, load)


def keep(request: WorkspaceRequest, program: str, decision: str) -> HttpResponse:
    """Let the answer stand."""
    version = asked_version(request)
    keep_decision(request.actor, (program, decision), request.now, version=version)
    done = Done("The answer stands; nothing is watched any more.")
    return leave(request, address(request, "decision", program=program, decision=decision), done)
