"""How the frameworks stand that something is held to: controls, verdicts, and what they rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import names_by_address, workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import ControlAnswer, PackAssignment
from headway.domain.compliance.queries.law import SystemLaw, ai_act_of
from headway.domain.compliance.queries.packs import newest_of, packs_of
from headway.domain.compliance.rules.ai_act import SystemClass
from headway.domain.compliance.rules.assigning import AssignmentFacts, Scope
from headway.domain.compliance.rules.controls import (
    Answer,
    ControlStanding,
    Played,
    judge_control,
)
from headway.domain.compliance.rules.known import Known, Proof
from headway.domain.compliance.rules.packs import Pack
from headway.domain.compliance.rules.packs.asking import ASKABLE
from headway.domain.compliance.rules.tally import Answered, Tally, crosswalk, tally
from headway.domain.evidence.queries import LatestRecord, SubjectName, subject_names
from headway.domain.evidence.queries.newest import newest_records
from headway.domain.programs.queries import (
    facts,
    portfolio_lines,
    program_named,
    rows_at,
    system_named,
    systems_of,
)
from headway.domain.programs.rules import ProjectFacts
from headway.errors import NotFound

#: The packs whose roles and classes the questions of the Act answer.
_ACTS = frozenset({"eu-ai-act", "eu-ai-act-2024"})


@dataclass(frozen=True, slots=True)
class PackStanding:
    """A pack as it stands for what is held to it. `newest` is what replaced it, if anything did."""

    assignment: AssignmentFacts
    pack: Pack
    controls: Sequence[ControlStanding]
    tally: Tally
    newest: Pack | None
    day: date

    @property
    def is_superseded(self) -> bool:
        """Say whether it was replaced already; else it only will be."""
        return self.newest is not None and self.pack.has_ended(self.day)

    @property
    def assigned(self) -> str:
        """Say who held it to the pack, and when."""
        one = self.assignment
        return f"assigned by {one.assigned_by} on {one.assigned_at:%-d %b %Y}"


def assignments_of(
    actor: Actor, at: datetime | None = None, *, ended: bool = False
) -> Sequence[AssignmentFacts]:
    """Return what is held to which pack, by scope and pack; those that were ended on asking."""
    require(actor, Permission.VIEW)
    rows = rows_at(PackAssignment, at, workspace_id=actor.workspace_id)
    names = _Names(actor, at)
    found = [
        facts(
            AssignmentFacts,
            row,
            scope=names.scope(row),
            assigned_by=names.person(row.assigned_by),
        )
        for row in rows
        if ended or not row.is_ended
    ]
    return sorted(found, key=lambda one: (one.scope.kind, one.scope.name, one.pack))


class _Names:
    """The systems and programs that scopes name, and the projects of each."""

    def __init__(self, actor: Actor, at: datetime | None) -> None:
        self.lines = portfolio_lines(actor, at)
        self.systems = {one.id: one for one in systems_of(actor, at)}
        self.workspace: Workspace = workspace_of(actor)
        self.people = names_by_address(actor)

    def person(self, label: str) -> str:
        """Return who is meant by the audit trail's word for them: an address is not shown."""
        return self.people.get(label.partition(" by token ")[0], "a member")

    def scope(self, row: PackAssignment) -> Scope:
        """Return what an assignment is about."""
        if row.system_id is not None:
            system = self.systems[row.system_id]
            return Scope("system", system.slug, system.name)
        if row.program_id is not None:
            program = next(one.program for one in self.lines if one.program.id == row.program_id)
            return Scope("program", program.slug, program.name)
        return Scope("workspace", self.workspace.slug, self.workspace.name)

    def projects(self, scope: Scope) -> Sequence[ProjectFacts]:
        """Return the projects whose evidence speaks for a scope."""
        systems = {one.id for one in self.systems.values() if one.slug == scope.slug}
        return [
            project
            for line in self.lines
            for project in line.projects
            if scope.kind == "workspace"
            or (scope.kind == "program" and line.program.slug == scope.slug)
            or (scope.kind == "system" and project.system_id in systems)
        ]


def scope_named(actor: Actor, kind: str, slug: str, at: datetime | None = None) -> Scope:
    """Return the system, program or workspace that is meant; NotFound where there is none."""
    match kind:
        case "system":
            system = system_named(actor, slug, at)
            return Scope(kind, system.slug, system.name)
        case "program":
            program = program_named(actor, slug, at)
            return Scope(kind, program.slug, program.name)
    workspace = workspace_of(actor)
    if kind == "workspace" and slug == workspace.slug:
        return Scope(kind, workspace.slug, workspace.name)
    sentence = "A framework is assigned to a system, to a program or to the workspace."
    raise NotFound(sentence)


def projects_in(actor: Actor, scope: Scope, at: datetime | None = None) -> Sequence[ProjectFacts]:
    """Return the projects whose evidence speaks for a scope, in the order of the portfolio."""
    require(actor, Permission.VIEW)
    return _Names(actor, at).projects(scope)


def projects_by_scope(
    actor: Actor, scopes: Iterable[Scope], at: datetime | None = None
) -> Mapping[Scope, Sequence[ProjectFacts]]:
    """Return the projects of many scopes; as many queries as for one."""
    require(actor, Permission.VIEW)
    names = _Names(actor, at)
    return {scope: names.projects(scope) for scope in scopes}


def pack_standings(
    actor: Actor, at: datetime, known_at: datetime | None = None
) -> Sequence[PackStanding]:
    """Return every assignment as it stands at `at`; the number of queries does not grow with them.

    `known_at` is the moment as of which to look (None: now).
    """
    return _standings(actor, assignments_of(actor, known_at), at, known_at)


def pack_standing(
    actor: Actor, pack: str, scope: Scope, at: datetime, known_at: datetime | None = None
) -> PackStanding:
    """Return one assignment as it stands. Raises NotFound where the scope is not held to it."""
    return _standings(actor, [assignment_of(actor, pack, scope, known_at)], at, known_at)[0]


def assignment_of(
    actor: Actor, pack: str, scope: Scope, at: datetime | None = None
) -> AssignmentFacts:
    """Return that `scope` is held to `pack`. Raises NotFound where it is not."""
    for one in assignments_of(actor, at):
        if one.pack == pack and one.scope == scope:
            return one
    sentence = f"{scope.name} is not held to '{pack[:80]}'; assign it first."
    raise NotFound(sentence)


def assignment_with(
    actor: Actor, assignment_id: UUID, at: datetime | None = None
) -> AssignmentFacts:
    """Return the assignment of this id. Raises NotFound where there is none."""
    for one in assignments_of(actor, at):
        if one.id == assignment_id:
            return one
    sentence = "Nothing is held to a framework under this id."
    raise NotFound(sentence)


def held_standing(
    actor: Actor, pack: str, scope: Scope, at: datetime, known_at: datetime | None = None
) -> tuple[PackStanding, Mapping[int, Answered]]:
    """Return one assignment as it stands, and what each record answers in all packs of the scope.

    Raises NotFound where the scope is not held to the pack.
    """
    wanted = assignment_of(actor, pack, scope, known_at)
    mine = [one for one in assignments_of(actor, known_at) if one.scope == scope]
    found = _standings(actor, mine, at, known_at)
    answered = crosswalk((one.pack.id, one.controls) for one in found)
    return next(one for one in found if one.assignment.id == wanted.id), answered


def _standings(
    actor: Actor,
    assignments: Sequence[AssignmentFacts],
    at: datetime,
    known_at: datetime | None,
) -> Sequence[PackStanding]:
    packs = packs_of(actor, known_at)
    names = _Names(actor, known_at)
    homes = {
        one.scope: {project.id for project in names.projects(one.scope)} for one in assignments
    }
    kinds = {
        ask.kind
        for one in assignments
        for control in packs[one.pack].controls
        for ask in control.asks
    }
    every = set().union(*homes.values()) if homes else set()
    shelf = _Shelf(actor, every, {*kinds, "attestation"}, known_at)
    known = {scope: shelf.known(projects) for scope, projects in homes.items()}
    answers = _answers(actor, [one.id for one in assignments], names, known_at)
    played = _played(actor, assignments, names, at, known_at)
    return [
        _standing(
            one,
            packs,
            known[one.scope],
            (answers.get(one.id, {}), played.get((one.pack, one.scope))),
            at,
        )
        for one in assignments
    ]


def _played(
    actor: Actor,
    assignments: Sequence[AssignmentFacts],
    names: _Names,
    at: datetime,
    known_at: datetime | None,
) -> Mapping[tuple[str, Scope], Played]:
    """Return which roles each system plays in the Act it is held to, as its questions say."""
    held = {one.scope.slug: one for one in assignments if _is_act(one)}
    systems = [one for one in names.systems.values() if one.slug in held]
    if not systems:
        return {}
    law = ai_act_of(actor, systems, at, known_at=known_at)
    found = {one.system.slug: _roles(one, names) for one in law.values()}
    return {(one.pack, one.scope): found[one.scope.slug] for one in assignments if _is_act(one)}


def _is_act(one: AssignmentFacts) -> bool:
    return one.scope.kind == "system" and one.pack in _ACTS


def _roles(law: SystemLaw, names: _Names) -> Played:
    """Return the roles and the class that were answered; nothing before the roles were."""
    said = law.answers.get("roles")
    if said is None:
        return Played()
    found = law.classification
    classes = {"high-risk"} if found.system_class is SystemClass.HIGH else set()
    classes |= found.tags & {"exempt"}
    if found.is_whole and not classes:
        classes = {str(found.system_class)}
    told = (
        f"{names.person(said.author)} answered on {said.at:%-d %b %Y}: "
        f"{', '.join(sorted({*found.roles, *classes}))}. {said.rationale}"
    )
    return Played(found.roles, frozenset(classes), told.strip())


def _standing(
    assignment: AssignmentFacts,
    packs: Mapping[str, Pack],
    known: Known,
    said: tuple[Mapping[str, Answer], Played | None],
    at: datetime,
) -> PackStanding:
    pack, (answers, played) = packs[assignment.pack], said
    controls = [
        judge_control(
            pack,
            one,
            known,
            at,
            scope=assignment.scope.subject,
            answer=answers.get(one.id),
            played=played,
        )
        for one in pack.controls
    ]
    newest = newest_of(pack, packs)
    return PackStanding(
        assignment,
        pack,
        controls,
        tally(controls),
        newest if newest is not pack else None,
        at.date(),
    )


class _Shelf:
    """The evidence of many projects, read once."""

    def __init__(
        self, actor: Actor, projects: Collection[UUID], kinds: Collection[str], at: datetime | None
    ) -> None:
        self.records: Sequence[LatestRecord] = newest_records(actor, projects, at, kinds=kinds)
        self.subjects: Sequence[SubjectName] = subject_names(
            actor, projects, at, kinds=sorted({one.about for one in ASKABLE.values() if one.about})
        )

    def known(self, projects: Collection[UUID]) -> Known:
        """Return what the evidence of some of the projects tells."""
        return Known.of(
            (_proof(one) for one in self.records if one.project_id in projects),
            (one.text for one in self.subjects if one.project_id in projects),
        )


def _proof(one: LatestRecord) -> Proof:
    return Proof(one.record, one.subject, one.kind, one.payload, one.observed_at, one.valid_until)


def _answers(
    actor: Actor, assignments: Iterable[UUID], names: _Names, at: datetime | None
) -> Mapping[UUID, Mapping[str, Answer]]:
    """Return what was said of controls, by assignment and control; one query."""
    rows = rows_at(
        ControlAnswer, at, workspace_id=actor.workspace_id, assignment_id__in=list(assignments)
    )
    found: dict[UUID, dict[str, Answer]] = {}
    for row in rows:
        said = Answer(row.way, row.reason, names.person(row.author), row.said_at, row.version)
        found.setdefault(row.assignment_id, {})[row.control] = said
    return found


def answer_of(
    actor: Actor, place: tuple[str, str, str], control: str, at: datetime | None = None
) -> Answer | None:
    """Return what was said of a control of `place` (pack, kind, slug); None where nothing was."""
    pack, kind, slug = place
    held = assignment_of(actor, pack, scope_named(actor, kind, slug, at), at)
    return _answers(actor, [held.id], _Names(actor, at), at).get(held.id, {}).get(control)
