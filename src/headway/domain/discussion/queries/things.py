"""From `kind:key` to the thing: the one place where it is found, and only by its own query.

Every read and write of this app passes here first, so that the default is "no": a kind without a
finder cannot be named, and a finder raises NotFound for what the actor may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from headway.domain.accounts.rules import Actor
from headway.domain.discussion.rules import About, Kind, Thing
from headway.domain.evidence.queries import record_page
from headway.domain.forums.queries import forum_named, meeting_named
from headway.domain.plans.queries import decision_named, decisions_of, item_named
from headway.domain.programs.queries import (
    criterion_named,
    program_named,
    program_of,
    project_named,
    projects_of,
)
from headway.domain.reports.queries import pack_numbered
from headway.domain.risks.queries import (
    action_named,
    assumption_named,
    blocker_named,
    risk_named,
    risks_of,
)
from headway.domain.stakeholders.queries import promise_named
from headway.errors import NotFound

Finder = Callable[[Actor, About, datetime | None], Thing]

#: The longest number that is asked of a database.
_DIGITS = 15


def thing_named(actor: Actor, about: About, at: datetime | None = None) -> Thing:
    """Return the thing that is meant, as known `at`. Raises NotFound when it is not there to see.

    What another workspace holds is not there.
    """
    found = _FINDERS[about.kind](actor, about, at)
    if found.workspace_id != actor.workspace_id:
        sentence = "There is no such thing in this workspace."
        raise NotFound(sentence)
    return found


def things_near(actor: Actor, thing: Thing) -> Sequence[Thing]:
    """Return what stands in the same program, to be linked: projects, decisions, risks."""
    if not thing.program:
        return []
    program = program_named(actor, thing.program)
    here = thing.workspace_id
    top = About(Kind.PROGRAM, program.slug)
    found = [Thing(here, top, program.name, program.manager, program.slug)]
    for project in projects_of(actor, program):
        about = About(Kind.PROJECT, project.slug)
        found.append(Thing(here, about, project.name, project.owner, program.slug))
    for decision in decisions_of(actor, program):
        about = About(Kind.DECISION, f"{program.slug}/{decision.key}")
        found.append(Thing(here, about, decision.question, decision.owner, program.slug))
    for risk in risks_of(actor, program):
        about = About(Kind.RISK, f"{program.slug}/{risk.key}")
        found.append(Thing(here, about, risk.name, risk.owner, program.slug))
    return [one for one in found if one.about != thing.about]


def _program(actor: Actor, about: About, at: datetime | None) -> Thing:
    found = program_named(actor, about.key, at)
    return Thing(found.workspace_id, about, found.name, found.manager, found.slug)


def _project(actor: Actor, about: About, at: datetime | None) -> Thing:
    found = project_named(actor, about.key, at)
    program = program_of(actor, found, at)
    return Thing(found.workspace_id, about, found.name, found.owner, program.slug)


def _item(actor: Actor, about: About, at: datetime | None) -> Thing:
    project = project_named(actor, about.place, at)
    found = item_named(actor, project, about.name, at)
    program = program_of(actor, project, at)
    return Thing(project.workspace_id, about, found.name, found.owner, program.slug)


def _criterion(actor: Actor, about: About, at: datetime | None) -> Thing:
    project = project_named(actor, about.place, at)
    found = criterion_named(actor, project, about.name, at)
    program = program_of(actor, project, at)
    return Thing(project.workspace_id, about, found.name, project.owner, program.slug)


def _risk(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    found = risk_named(actor, program, about.name, at)
    return Thing(program.workspace_id, about, found.name, found.owner, program.slug)


def _decision(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    found = decision_named(actor, program, about.name, at)
    return Thing(program.workspace_id, about, found.question, found.owner, program.slug)


def _action(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    found = action_named(actor, program, about.name, at)
    return Thing(program.workspace_id, about, found.name, found.owner, program.slug)


def _blocker(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    # Its age is not told here, so that any day will do.
    found = blocker_named(actor, program, about.name, date.min, at)
    return Thing(program.workspace_id, about, found.name, found.owner, program.slug)


def _assumption(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    found = assumption_named(actor, program, about.name, at)
    return Thing(program.workspace_id, about, found.name, found.owner, program.slug)


def _promise(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    found = promise_named(actor, program, about.name, at)
    return Thing(program.workspace_id, about, found.name, found.owner, program.slug)


def _meeting(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    key, _, number = about.name.rpartition("/")
    forum = forum_named(actor, program, key, at)
    found = meeting_named(actor, forum, _number(about, number), at)
    name = f"{forum.name}, meeting {found.number}"
    return Thing(program.workspace_id, about, name, "", program.slug)


def _report(actor: Actor, about: About, at: datetime | None) -> Thing:
    program = program_named(actor, about.place, at)
    line, _ = pack_numbered(actor, program, _number(about, about.name))
    name = f"Report {line.number} of {program.name}"
    return Thing(program.workspace_id, about, name, "", program.slug)


def _record(actor: Actor, about: About, at: datetime | None) -> Thing:
    found = record_page(actor, _number(about, about.key), at)
    name = f"Record {found.line.sequence}, {found.line.subject}"
    return Thing(actor.workspace_id, about, name)


def _number(about: About, digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        sentence = f"There is no {about.kind} '{digits[:40]}'; it is known by its number."
        raise NotFound(sentence)
    return int(digits)


_FINDERS: Mapping[Kind, Finder] = {
    Kind.PROGRAM: _program,
    Kind.PROJECT: _project,
    Kind.ITEM: _item,
    Kind.CRITERION: _criterion,
    Kind.RISK: _risk,
    Kind.DECISION: _decision,
    Kind.ACTION: _action,
    Kind.BLOCKER: _blocker,
    Kind.ASSUMPTION: _assumption,
    Kind.PROMISE: _promise,
    Kind.MEETING: _meeting,
    Kind.REPORT: _report,
    Kind.RECORD: _record,
}
