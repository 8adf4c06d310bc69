"""Adding a gate template, writing the next version of its rules, retiring it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpResponse

from headway.domain.gates.actions import (
    add_gate_template,
    edit_gate_rules,
    edit_gate_template,
    install_gate_templates,
)
from headway.domain.gates.queries import template_named
from headway.domain.gates.rules.gate_files import file_text
from headway.errors import Invalid
from headway.interfaces.web.gate_templates.forms import RulesForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.rendering.phrases import quantity

_AREA = ("governance", "Governance")

#: What a new template starts from.
_START = """\
key: our-gate
name: Our gate
made_for: any
stages:
  live:
    - key: criteria-met
      name: Success criteria met
      owner: data science
      how: Evaluate the version on the test data that each success criterion names.
      rule: {given: criteria}
"""


def install(request: WorkspaceRequest) -> HttpResponse:
    """Take the shipped templates that are not there yet."""
    count = install_gate_templates(request.actor, request.now)
    return leave(
        request, address(request, "gate_templates"), Done(f"{quantity(count, 'template')} added.")
    )


def add(request: WorkspaceRequest) -> HttpResponse:
    """Make a template of one's own."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        with _each_line_said():
            made = add_gate_template(
                request.actor, str(values["rules"]), request.now, reason=str(values["reason"])
            )
        undo = address(request, "retire_gate_template", gate_template=made.key)
        return Done(f"{made.name} is a template now.", undo)

    def load() -> Edit:
        return Edit(
            "New gate template",
            address(request, "gate_templates"),
            RulesForm,
            save,
            {"rules": _START},
            blame="rules",
            button="Add the template",
            area=_AREA,
        )

    return edit_page(request, load)


def edit(request: WorkspaceRequest, gate_template: str) -> HttpResponse:
    """Write the next version of a template's rules; gates and decisions stay with theirs."""

    def save(values: dict[str, object], version: int | None) -> Done:
        with _each_line_said():
            made = edit_gate_rules(
                request.actor,
                gate_template,
                str(values["rules"]),
                request.now,
                reason=str(values["reason"]),
                version=version,
            )
        return Done(f"{made.name} has version {made.newest.number}; gates stay with theirs.")

    def load() -> Edit:
        held = template_named(request.actor, gate_template)
        # A stale save shows what was typed; two whole files beside each other help nobody.
        shown = {} if request.method == "POST" else {"rules": file_text(held.content)}
        return Edit(
            f"Rules of {held.name}",
            address(request, "gate_template", gate_template=gate_template),
            RulesForm,
            save,
            shown,
            held.version,
            blame="rules",
            button=f"Save as version {held.newest.number + 1}",
            area=_AREA,
        )

    return edit_page(request, load)


def retire(request: WorkspaceRequest, gate_template: str) -> HttpResponse:
    """Take a template out of use: no new gate is opened from it."""
    version = asked_version(request)
    changes = {"is_retired": True}
    made = edit_gate_template(request.actor, gate_template, changes, request.now, version=version)
    undo = address(request, "take_back_gate_template", gate_template=gate_template)
    page = address(request, "gate_template", gate_template=gate_template)
    return leave(request, page, Done(f"{made.name} is retired; its gates stay.", undo))


def take_back(request: WorkspaceRequest, gate_template: str) -> HttpResponse:
    """Take a retired template back into use."""
    version = asked_version(request)
    changes = {"is_retired": False}
    made = edit_gate_template(request.actor, gate_template, changes, request.now, version=version)
    undo = address(request, "retire_gate_template", gate_template=gate_template)
    page = address(request, "gate_template", gate_template=gate_template)
    return leave(request, page, Done(f"{made.name} is in use again.", undo))


@contextmanager
def _each_line_said() -> Iterator[None]:
    """Say every fault of a gate file with its line, beside the text."""
    try:
        yield
    except Invalid as error:
        told = [f"{one.where}: {one.sentence}" for one in error.problems[:20]]
        raise Invalid(" ".join(told) or str(error)) from error
