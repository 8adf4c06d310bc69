"""One requirement of a gate template in a form: asked, changed, asked no more.

Each save is the next version of the template's rules; gates and decisions stay with theirs.
"""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse

from headway.domain.gates.actions import remove_requirement, set_requirement
from headway.domain.gates.queries import template_named
from headway.domain.gates.rules import Requirement
from headway.domain.gates.rules.facts import TemplateFacts
from headway.domain.gates.rules.requirement_forms import form_values, is_in_form, read_form
from headway.domain.gates.rules.requirements import GatedStage, asked_before, gated
from headway.interfaces.web.gate_templates.forms import requirement_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

_AREA = ("governance", "Governance")


def add(request: WorkspaceRequest, gate_template: str, stage: str) -> HttpResponse:
    """Ask one more requirement before a stage."""
    place = GatedStage(gate_template, stage)

    def load() -> Edit:
        template = template_named(request.actor, gate_template)
        taken = [one.key for one in gated(template.content, stage).requirements]
        return Edit(
            f"New requirement before {stage}",
            address(request, "gate_template", gate_template=gate_template),
            requirement_form(None, taken),
            partial(_save, request, place, None),
            version=template.version,
            button=_button(template),
            area=_AREA,
        )

    return edit_page(request, load)


def edit(
    request: WorkspaceRequest, gate_template: str, stage: str, requirement: str
) -> HttpResponse:
    """Change one requirement; a rule that no form holds keeps its structure."""
    place = GatedStage(gate_template, stage)

    def load() -> Edit:
        template = template_named(request.actor, gate_template)
        held = asked_before(template.content, stage, requirement)
        named = {"gate_template": gate_template, "stage": stage, "requirement": requirement}
        in_file = address(request, "edit_gate_rules", gate_template=gate_template)
        told = "Its rule joins several questions, which a form does not hold: it stays as it is."
        return Edit(
            f"{held.name}, before {stage}",
            address(request, "gate_template", gate_template=gate_template),
            requirement_form(held, ()),
            partial(_save, request, place, held),
            form_values(held),
            template.version,
            button=_button(template),
            remove=address(request, "remove_requirement", **named),
            area=_AREA,
            elsewhere=None if is_in_form(held.tree) else (told, "Edit it in the file", in_file),
        )

    return edit_page(request, load)


def remove(
    request: WorkspaceRequest, gate_template: str, stage: str, requirement: str
) -> HttpResponse:
    """Ask one requirement no more; the version before keeps it."""
    place, version = GatedStage(gate_template, stage), asked_version(request)
    made = remove_requirement(request.actor, place, requirement, request.now, version=version)
    page = address(request, "gate_template", gate_template=gate_template)
    told = f"Version {made.newest.number} asks it no more; version {made.newest.number - 1} does."
    return leave(request, page, Done(told))


def _save(
    request: WorkspaceRequest,
    place: GatedStage,
    held: Requirement | None,
    values: dict[str, object],
    version: int | None,
) -> Done:
    asked = read_form(values, held)
    made = set_requirement(
        request.actor, place, asked, request.now, reason=str(values["reason"]), version=version
    )
    return Done(f"{made.name} has version {made.newest.number}; gates stay with theirs.")


def _button(template: TemplateFacts) -> str:
    return f"Save as version {template.newest.number + 1}"
