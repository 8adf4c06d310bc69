"""The list of gate templates, and one with what it asks before each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.assessments.rules.phrasing import tree_words
from headway.domain.gates.queries import rules_numbered, template_named, templates_of
from headway.domain.gates.rules import Requirement, TemplateRules
from headway.domain.gates.rules.gate_files import file_text
from headway.domain.programs.queries import stage_templates_of
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import is_live


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement as a reader asks for it: what, of whom, in which tiers."""

    requirement: Requirement
    asks: str
    tiers: str


def templates(request: WorkspaceRequest) -> HttpResponse:
    """List the gate templates of the workspace."""
    rows = [
        (one, sum(len(stage.requirements) for stage in one.content.stages))
        for one in templates_of(request.actor, request.at)
    ]
    used = sum(not one.is_retired for one, _ in rows)
    values = {"rows": rows, "used": used, "live": is_live(request)}
    return render(request, "gate_templates_web/templates.html", values)


def template(request: WorkspaceRequest, gate_template: str) -> HttpResponse:
    """Show one template: what it asks before each stage, by the version that is looked at."""
    found = template_named(request.actor, gate_template, request.at)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    rules = found.content if number is None else rules_numbered(request.actor, found, number)
    shown = found.newest.number if number is None else number
    values = {
        "template": found,
        "rules": rules,
        "version": next(one for one in found.rules if one.number == shown),
        "stages": _stages(request, rules),
        "count": sum(len(stage.requirements) for stage in rules.stages),
        "text": file_text(rules),
        "live": is_live(request),
        "editing": is_live(request)
        and shown == found.newest.number
        and may(request.actor, Permission.PROGRAM),
    }
    return render(request, "gate_templates_web/template.html", values)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _stages(
    request: WorkspaceRequest, rules: TemplateRules
) -> Sequence[tuple[str, str, str, Sequence[Line]]]:
    """Return each gated stage by its id, with its name, words and lines."""
    names = {one.id: one.name for held in stage_templates_of(request.actor) for one in held.stages}
    return [
        (
            stage.stage,
            names.get(stage.stage, stage.stage.replace("-", " ").capitalize()),
            stage.words,
            [
                Line(one, _sentence(tree_words(one.tree)), ", ".join(one.tiers) or "every")
                for one in stage.requirements
            ],
        )
        for stage in rules.stages
    ]
