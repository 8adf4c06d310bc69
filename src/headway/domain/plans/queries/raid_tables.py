"""The registers of a program as entries of tables, each cell as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries.decisions import decisions_of
from headway.domain.plans.queries.risk_standings import risk_standings
from headway.domain.plans.rules import DecisionFacts
from headway.domain.plans.rules.raid_tables import TABLES, Entry, cell
from headway.domain.programs.queries import criteria_by_project, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import assumptions_of, issues_of


def register_entries(
    actor: Actor, program: ProgramFacts, sort: str, at: datetime | None = None
) -> Sequence[Entry]:
    """Return the entries of a register (one of TABLES), closed ones too, by key."""
    rows = _READERS[sort](actor, program, at)
    return sorted(rows, key=lambda one: one.key)


def _entry(sort: str, row: object, **known: object) -> Entry:
    """Return a row as an entry; `known` are the fields that it does not hold itself."""
    cells = {
        name: cell(known[name] if name in known else getattr(row, name))
        for name in TABLES[sort].columns.values()
    }
    return Entry(cells["key"], int(getattr(row, "version")), cells)  # noqa: B009


def _risks(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[Entry]:
    found = risk_standings(actor, [program], at)[program.id]
    return [
        _entry("risks", one.risk, items=", ".join(item.address for item in one.items))
        for one in found
    ]


def _issues(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[Entry]:
    return [
        _entry("issues", one, raised_at=one.raised_at.date())
        for one in issues_of(actor, program, at)
    ]


def _assumptions(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[Entry]:
    projects = projects_of(actor, program, at)
    criteria = criteria_by_project(actor, projects, at)
    watched = {
        one.id: f"{project.slug}/{one.key}" for project in projects for one in criteria[project.id]
    }
    return [
        _entry("assumptions", one, criterion=watched.get(one.criterion_id, ""))
        if one.criterion_id
        else _entry("assumptions", one, criterion="")
        for one in assumptions_of(actor, program, at)
    ]


def _decisions(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[Entry]:
    return [_entry("decisions", one, **_answer(one)) for one in decisions_of(actor, program, at)]


def _answer(one: DecisionFacts) -> Mapping[str, object]:
    """Return what a table tells of a decision's answer: what was promised when it was taken."""
    promised = one.outlook.of(one.chosen) if one.outlook and one.chosen else None
    return {
        "options": "; ".join(f"{each.key}: {each.name}" for each in one.options),
        "taken_at": one.taken_at.date() if one.taken_at else None,
        "promised": promised.finish_p80 if promised else None,
    }


_Reader = Callable[[Actor, ProgramFacts, datetime | None], list[Entry]]
_READERS: Mapping[str, _Reader] = {
    "risks": _risks,
    "issues": _issues,
    "assumptions": _assumptions,
    "decisions": _decisions,
}
