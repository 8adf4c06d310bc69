"""A project's charter on one page: why it is done, what it is worth, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from headway.domain.assessments.queries import ProjectCase, project_case, project_health
from headway.domain.assessments.queries.business_case import LineStanding
from headway.domain.programs.actions import restore_business_case, set_business_case
from headway.domain.programs.queries import (
    business_case_of,
    cases_by_project,
    criteria_of,
    program_of,
    project_named,
)
from headway.domain.programs.rules import BusinessCaseFacts, CaseLine, ProjectFacts
from headway.domain.programs.rules.business_case import LINE_FIELDS
from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.case_forms import CaseForm, CaseLineForm
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.programs.project import head_of_project
from headway.rendering import phrases


@dataclass(frozen=True, slots=True)
class LineRow:
    """A quantity of the case, said; what was counted since the launch stands in `standing`."""

    standing: LineStanding
    start: str
    at_target: str
    worth: str
    earns: str
    came: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Money a year under one assumption."""

    name: str
    p10: str
    p50: str
    p90: str
    p_positive: float


def charter(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Answer first: what it is worth a year; then the chain to it, and the charter's words."""
    facts = project_named(request.actor, project, request.at)
    program = program_of(request.actor, facts, request.at)
    at = request.at or request.now
    health = project_health(request.actor, program, project, at, known_at=request.at)
    found = (
        project_case(request.actor, health, at, known_at=request.at) if health is not None else None
    )
    values = head_of_project(request, program, facts, health) | {
        "charter": [(name.replace("_", " "), said) for name, said in facts.charter.items()],
        "found": found,
        "lines": [_row(one, program.currency) for one in found.lines] if found else [],
        "money": list(_money_rows(found, program.currency)) if found and found.lines else [],
        "now": _money(found.now.net.p50, program.currency) if found and found.now else "",
        "week": _money(found.promised.week, program.currency) if found else "",
        "late": _money(found.late_money, program.currency) if found else "",
        "running": _numbers(found.case.running or ()) if found else "",
        "record": address(request, "record", sequence=found.record)
        if found and found.record
        else "",
        "answer": answer(found, program.currency),
    }
    return render(request, "programs_web/charter.html", values)


def answer(found: ProjectCase | None, currency: str) -> str:
    """Say what a project is worth in one sentence."""
    if found is None or not found.lines:
        return "Nobody wrote down yet what it is worth."
    if found.realised is not None:
        came = _span(found.realised.net.p10, found.realised.net.p90, currency)
        promised = _money(found.promised.net.p50, currency)
        return f"Since the launch it earns {came} a year; promised were {promised} (P50)."
    span = _span(found.promised.net.p10, found.promised.net.p90, currency)
    return f"Worth {span} a year at its target (P10 to P90, after running costs)."


def _row(one: LineStanding, currency: str) -> LineRow:
    line = one.line
    return LineRow(
        standing=one,
        start=_numbers((line.start,)),
        at_target=_numbers(line.at_target),
        worth=_numbers(line.worth),
        earns=_money(one.promised, currency),
        came="" if one.came is None else phrases.number(one.came, 0 if one.came >= 100 else 1),
    )


def _money_rows(found: ProjectCase, currency: str) -> Iterator[MoneyRow]:
    """Yield the money at the target, at today's metric, and as it came, as far as each is known."""
    for name, each in (
        ("At the target", found.promised),
        ("At today's metric", found.now),
        ("By what was counted since the launch", found.realised),
    ):
        if each is not None:
            p10, p50, p90 = (
                _money(one, currency) for one in (each.net.p10, each.net.p50, each.net.p90)
            )
            yield MoneyRow(name, p10, p50, p90, each.p_positive)


def _numbers(values: Sequence[float]) -> str:
    """Say a number, or the ends of a range: "30,000 to 80,000"."""
    ends = [f"{one:,.6g}" for one in (values[0], values[-1])] if values else []
    return " to ".join(dict.fromkeys(ends))


def _span(low: float | None, high: float | None, currency: str) -> str:
    one, other = _money(low, currency), _money(high, currency)
    return one if one == other else f"{one} to {other}"


def _money(amount: float | None, currency: str) -> str:
    return phrases.money(None if amount is None else Decimal(str(round(amount, 2))), currency)


def edit_case(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Say which metric the case stands on, what running costs, and when it was to begin."""
    parent = project_named(request.actor, project)

    def save(values: dict[str, object], version: int | None) -> Done:
        saved = set_business_case(request.actor, project, values, request.now, version=version)
        return Done("The business case is changed.", _undo(request, project, saved))

    def load() -> Edit:
        held = cases_by_project(request.actor, [parent]).get(parent.id)
        fields = (
            {name: getattr(held, name) for name in ("criterion", "running", "launch")}
            if held
            else {}
        )
        return Edit(
            "The business case",
            address(request, "charter", project=project),
            CaseForm,
            save,
            fields,
            held.version if held else None,
            blame="criterion",
            lists={"edit-criteria": [one.key for one in criteria_of(request.actor, parent)]},
        )

    return edit_page(request, load)


def add_case_line(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Write down one more quantity that the model is to change."""
    parent = project_named(request.actor, project)

    def save(values: dict[str, object], version: int | None) -> Done:
        key = slugify(str(values["name"]))[:60] or "line"
        held = _held(request, parent)
        if held is not None and held.line(key) is not None:
            sentence = f"There is a line “{values['name']}” already; change that one."
            raise Invalid(sentence)
        lines = [*_kept(held), {**values, "key": key}]
        return _saved(request, project, lines, version, f"“{values['name']}” is in the case.")

    held = _held(request, parent)
    edit = Edit(
        "Add a quantity",
        address(request, "charter", project=project),
        CaseLineForm,
        save,
        {"less_is_better": True},
        held.version if held else None,
        blame="name",
    )
    return edit_page(request, lambda: edit)


def edit_case_line(request: WorkspaceRequest, project: str, line: str) -> HttpResponse:
    """Change a quantity of the case."""
    parent = project_named(request.actor, project)

    def save(values: dict[str, object], version: int | None) -> Done:
        changed = {**values, "key": line}
        held = business_case_of(request.actor, parent)
        lines = [changed if one["key"] == line else one for one in _kept(held)]
        return _saved(request, project, lines, version, f"“{values['name']}” is changed.")

    def load() -> Edit:
        held, found = _line(request, parent, line)
        return Edit(
            f"Edit {found.name}",
            address(request, "charter", project=project),
            CaseLineForm,
            save,
            {name: getattr(found, name) for name in LINE_FIELDS if name != "key"},
            held.version,
            remove=address(request, "remove_case_line", project=project, line=line),
            remove_label="Remove this quantity",
        )

    return edit_page(request, load)


def drop_case_line(request: WorkspaceRequest, project: str, line: str) -> HttpResponse:
    """Take a quantity out of the case; the toast brings it back."""
    held, found = _line(request, project_named(request.actor, project), line)
    lines = [one for one in _kept(held) if one["key"] != line]
    sentence = f"“{found.name}” is out of the case."
    done = _saved(request, project, lines, asked_version(request), sentence)
    return leave(request, address(request, "charter", project=project), done)


def undo_case(request: WorkspaceRequest, project: str, version: int) -> HttpResponse:
    """Put the business case back to an earlier version."""
    restore_business_case(request.actor, project, version, request.now)
    page = address(request, "charter", project=project)
    return leave(request, page, Done("The business case is as it was before."))


def _line(
    request: WorkspaceRequest, project: ProjectFacts, key: str
) -> tuple[BusinessCaseFacts, CaseLine]:
    held = business_case_of(request.actor, project)
    found = held.line(key)
    if found is None:
        sentence = f"The business case of {project.name} has no line '{key}'."
        raise NotFound(sentence)
    return held, found


def _held(request: WorkspaceRequest, project: ProjectFacts) -> BusinessCaseFacts | None:
    return cases_by_project(request.actor, [project]).get(project.id)


def _kept(held: BusinessCaseFacts | None) -> list[dict[str, object]]:
    lines = held.lines if held else ()
    return [{name: _plain(getattr(one, name)) for name in LINE_FIELDS} for one in lines]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _saved(
    request: WorkspaceRequest,
    project: str,
    lines: list[dict[str, object]],
    version: int | None,
    sentence: str,
) -> Done:
    saved = set_business_case(
        request.actor, project, {"lines": lines}, request.now, version=version
    )
    return Done(sentence, _undo(request, project, saved))


def _undo(request: WorkspaceRequest, project: str, saved: BusinessCaseFacts) -> str:
    if saved.version < 2:
        return ""
    return address(request, "restore_case", project=project, version=saved.version - 1)
