"""The inbox in groups, one click for each; the rules that remember the clicks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from headway.domain.accounts.queries import names_by_address
from headway.domain.evidence import actions
from headway.domain.evidence.actions import Ruled
from headway.domain.evidence.queries import (
    RuleLine,
    inbox_page,
    placed_counts,
    rule_lines,
    rule_of,
    unplaced_subjects,
)
from headway.domain.evidence.rules.placing import RuleFacts
from headway.domain.programs.queries import portfolio_lines, systems_of
from headway.interfaces.web.evidence.forms import Choices, RuleForm, project_choices
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import (
    Done,
    Edit,
    FormMaker,
    asked_version,
    edit_page,
    leave,
)
from headway.rendering import phrases


def inbox(request: WorkspaceRequest) -> HttpResponse:
    """Show what no project claims in a handful of groups; `?each=1` shows its subjects singly."""
    if request.GET.get("each") and is_live(request):
        values: dict[str, object] = {
            "subjects": unplaced_subjects(request.actor),
            "projects": project_choices(portfolio_lines(request.actor), "")[1:],
        }
        return render(request, "evidence_web/unplaced.html", values)
    values = {
        "inbox": inbox_page(request.actor, request.at),
        "placed": placed_counts(request.actor, request.at),
        "live": is_live(request),
        "projects": _projects(request),
        "lines": rule_lines(request.actor, request.at),
    }
    return render(request, "evidence_web/inbox.html", values)


def _projects(request: WorkspaceRequest) -> Choices:
    """Return every project as a choice, with the system that it works on."""
    systems: dict[UUID | None, str] = {
        system.id: system.name for system in systems_of(request.actor, request.at)
    }
    return [
        (one.slug, " · ".join(filter(None, (one.name, systems.get(one.system_id)))))
        for line in portfolio_lines(request.actor, request.at)
        for one in line.projects
    ]


def rules(request: WorkspaceRequest) -> HttpResponse:
    """List the rules in the order in which they win, with what each places."""
    lines = rule_lines(request.actor, request.at)
    names = names_by_address(request.actor) if lines else {}
    values = {
        "lines": lines,
        "rows": [_row(line, names) for line in lines],
        "placed": placed_counts(request.actor, request.at),
        "live": is_live(request),
    }
    return render(request, "evidence_web/rules.html", values)


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the list, with the name of who said it."""

    rule: RuleFacts
    project_name: str
    places: int
    author: str


def _row(line: RuleLine, names: Mapping[str, str]) -> Row:
    said_by = line.rule.author.partition(" by token ")[0]
    return Row(line.rule, line.project_name, line.places, names.get(said_by, said_by))


def add_rule(request: WorkspaceRequest) -> HttpResponse:
    """Make a rule: one click on a group of the inbox, or a form of its own."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        ruled = actions.set_run_rule(request.actor, values, request.now)
        undo = address(request, "remove_run_rule", rule=ruled.rule.id)
        return Done(_told(ruled), undo)

    page = address(request, "unplaced")
    button = "Remember it"
    edit = Edit("Say where runs belong", page, _form(request), save, button=button, area=_AREA)
    return edit_page(request, lambda: edit)


def edit_rule(request: WorkspaceRequest, rule: UUID) -> HttpResponse:
    """Change what a rule asks or says; its runs follow."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = rule_of(request.actor, rule)
        ruled = actions.set_run_rule(
            request.actor, values, request.now, rule_id=rule, version=version
        )
        undo = address(request, "restore_run_rule", rule=rule, version=before.version)
        return Done(_told(ruled), undo if ruled.rule != before else "")

    def load() -> Edit:
        held = rule_of(request.actor, rule)
        return Edit(
            "Edit this rule",
            address(request, "run_rules"),
            _form(request),
            save,
            _held(held),
            held.version,
            remove=address(request, "remove_run_rule", rule=rule),
            area=_AREA,
        )

    return edit_page(request, load)


_AREA = ("unplaced", "Inbox")


def remove_rule(request: WorkspaceRequest, rule: UUID) -> HttpResponse:
    """Forget a rule: its runs go where they belong without it, most often into the inbox."""
    gone = actions.remove_run_rule(request.actor, rule, request.now, version=asked_version(request))
    sentence = (
        f"The rule is gone. {_moved(gone.moved)} moved back to where each belongs without it."
    )
    version = gone.rule.version
    undo = address(request, "restore_run_rule", rule=rule, version=version)
    return leave(request, address(request, "run_rules"), Done(sentence, undo))


def restore_rule(request: WorkspaceRequest, rule: UUID, version: int) -> HttpResponse:
    """Put a rule back as it was: the undo of a change or a removal."""
    back = actions.restore_run_rule(request.actor, rule, version, request.now)
    return leave(request, address(request, "run_rules"), Done(_told(back)))


def _held(rule: RuleFacts) -> Mapping[str, object]:
    said = {"project": rule.project, "is_scratch": rule.is_scratch}
    return {**asdict(rule.condition), **said, "order": rule.order, "reason": rule.reason}


def _form(request: WorkspaceRequest) -> FormMaker:
    """Return what makes the form of a rule, with this workspace's projects to choose from."""
    projects = _projects(request)

    def made(
        data: QueryDict | None = None, *, initial: Mapping[str, object] | None = None
    ) -> RuleForm:
        return RuleForm(projects, data, initial=initial)

    return made


def _told(ruled: Ruled) -> str:
    """Say what a rule says now, and how many it moved."""
    rule = ruled.rule
    words = rule.condition.words
    said = f"{words[0].upper()}{words[1:]}: {rule.verdict}."
    follow = "" if rule.is_scratch else "; verdicts follow at the worker's next turn"
    return f"{said} {_moved(ruled.moved)} moved{follow}. What comes later follows too."


def _moved(count: int) -> str:
    return phrases.quantity(count, "subject") + (" is" if count == 1 else " are")
