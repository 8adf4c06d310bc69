"""Gates and templates as they are set, now or as known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import Gate, GateDecision, GateRules, GateTemplate, Waiver
from headway.domain.gates.rules import TemplateRules, WaiverFacts
from headway.domain.gates.rules.facts import GateFacts, RulesFacts, TemplateFacts
from headway.domain.gates.rules.gate_files import read_stored
from headway.domain.programs.queries import (
    facts,
    programs_of,
    projects_by_program,
    releases_of,
    rows_at,
    systems_of,
)
from headway.domain.programs.rules import ProgramFacts, ProjectFacts, ReleaseFacts, SystemFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound


def templates_of(actor: Actor, at: datetime | None = None) -> Sequence[TemplateFacts]:
    """Return the gate templates of the workspace with their versions; those in use first."""
    require(actor, Permission.VIEW)
    rows = rows_at(GateTemplate, at, workspace_id=actor.workspace_id)
    versions = _versions(actor, at)
    newest = GateRules.objects.filter(id__in=[mine[0].id for mine in versions.values()])
    contents = {row.template_id: rules_content(row) for row in newest}
    found = [
        _template(row, versions[row.id], contents[row.id]) for row in rows if row.id in contents
    ]
    return sorted(found, key=lambda one: (one.is_retired, one.is_light, one.name, one.key))


def template_named(actor: Actor, key: str, at: datetime | None = None) -> TemplateFacts:
    """Return the template with this key. Raises NotFound with the nearest key there is."""
    known = templates_of(actor, at)
    for one in known:
        if one.key == key:
            return one
    hint = meant(key, [one.key for one in known])
    sentence = f"There is no gate template '{key}' in this workspace{hint or '.'}"
    raise NotFound(sentence)


def rules_numbered(actor: Actor, template: TemplateFacts, number: int) -> TemplateRules:
    """Return one version of a template's rules, whole. Raises NotFound."""
    require(actor, Permission.VIEW, template)
    row = GateRules.objects.filter(template_id=template.id, number=number).first()
    if row is None:
        sentence = (
            f"{template.name} has no version {number}; the newest is {template.newest.number}."
        )
        raise NotFound(sentence)
    return rules_content(row)


#: Rules as they were read, by digest: what never changes is read once.
_READ: dict[str, TemplateRules] = {}
_MOST_READ = 256


def rules_content(row: GateRules) -> TemplateRules:
    """Return stored rules as the rule reads them."""
    if row.digest not in _READ:
        while len(_READ) >= _MOST_READ:
            _READ.pop(next(iter(_READ)), None)
        _READ[row.digest] = read_stored(row.content)
    return _READ[row.digest]


def _versions(actor: Actor, at: datetime | None) -> Mapping[UUID, Sequence[GateRules]]:
    """Return the versions of each template without their content, the newest first."""
    rows = GateRules.objects.filter(workspace_id=actor.workspace_id).defer("content")
    if at is not None:
        rows = rows.filter(at__lte=at)
    found: dict[UUID, list[GateRules]] = {}
    for row in rows.order_by("-number"):
        found.setdefault(row.template_id, []).append(row)
    return found


def _template(
    row: GateTemplate, versions: Sequence[GateRules], content: TemplateRules
) -> TemplateFacts:
    return facts(
        TemplateFacts,
        row,
        rules=tuple(facts(RulesFacts, one) for one in versions),
        stages=tuple(one.stage for one in content.stages),
        content=content,
    )


@dataclass(frozen=True)
class GateRow:
    """A gate with everything around it that a judgement needs."""

    facts: GateFacts
    rules: TemplateRules
    program: ProgramFacts | None
    project: ProjectFacts | None
    project_ids: tuple[UUID, ...]


def gate_rows(actor: Actor, at: datetime | None = None, **conditions: object) -> Sequence[GateRow]:
    """Return the gates that meet `conditions`, by system, release and stage; ten queries."""
    require(actor, Permission.VIEW)
    rows = rows_at(Gate, at, workspace_id=actor.workspace_id, **conditions)
    if not rows:
        return []
    place = _Place(actor, at)
    newest = {one: versions[0].number for one, versions in _versions(actor, at).items()}
    rules = {
        one.id: one
        for one in GateRules.objects.filter(id__in={row.rules_id for row in rows}).select_related(
            "template"
        )
    }
    found = [
        place.row(row, rules[row.rules_id], newest) for row in rows if place.holds(row.release_id)
    ]
    return sorted(found, key=lambda one: _in_order(one, place))


def _in_order(row: GateRow, place: _Place) -> tuple[str, str, int]:
    stages = [stage.id for stage in place.releases[row.facts.release_id].stages]
    stage = row.facts.stage
    return (
        row.facts.system_name,
        row.facts.release,
        stages.index(stage) if stage in stages else len(stages),
    )


class _Place:
    """Releases, systems, projects and programs of a workspace, read once."""

    def __init__(self, actor: Actor, at: datetime | None) -> None:
        self.releases: Mapping[UUID, ReleaseFacts] = {one.id: one for one in releases_of(actor, at)}
        self.systems: Mapping[UUID, SystemFacts] = {one.id: one for one in systems_of(actor, at)}
        self.programs = {one.id: one for one in programs_of(actor, at)}
        everything = projects_by_program(actor, self.programs.values(), at)
        self.projects = {one.id: one for mine in everything.values() for one in mine}

    def holds(self, release_id: UUID) -> bool:
        return release_id in self.releases

    def row(self, row: Gate, rules: GateRules, newest: Mapping[UUID, int]) -> GateRow:
        release = self.releases[row.release_id]
        system = self.systems[release.system_id]
        projects = self._projects(release)
        project = projects[0] if projects else None
        program = self.programs.get(project.program_id) if project else None
        found = facts(
            GateFacts,
            row,
            release=release.name,
            release_stage=release.stage,
            system_id=system.id,
            system=system.slug,
            system_name=system.name,
            tier=system.tier,
            project=project.slug if project else "",
            project_name=project.name if project else "",
            program=program.slug if program else "",
            program_name=program.name if program else "",
            stage_name=_stage_name(release, row.stage),
            template=rules.template.key,
            template_name=rules.template.name,
            rules_number=rules.number,
            rules_digest=rules.digest,
            newest_rules=newest.get(rules.template_id, rules.number),
        )
        ids = tuple(one.id for one in projects)
        return GateRow(found, rules_content(rules), program, project, ids)

    def _projects(self, release: ReleaseFacts) -> Sequence[ProjectFacts]:
        """Return the projects whose evidence counts: the release's own, then its system's."""
        own = self.projects.get(release.project_id) if release.project_id else None
        others = [one for one in self.projects.values() if one.system_id == release.system_id]
        ordered = sorted(others, key=lambda one: (one.order, one.slug))
        return [*([own] if own else []), *(one for one in ordered if one != own)]


def _stage_name(release: ReleaseFacts, stage: str) -> str:
    return next((one.name for one in release.stages if one.id == stage), stage)


def waivers_laid(
    actor: Actor, gate_ids: Collection[UUID], at: datetime | None = None
) -> Mapping[UUID, Sequence[WaiverFacts]]:
    """Return the waivers of each gate, revoked ones too; one query."""
    require(actor, Permission.VIEW)
    rows = rows_at(Waiver, at, workspace_id=actor.workspace_id, gate_id__in=list(gate_ids))
    found: dict[UUID, list[WaiverFacts]] = {}
    for row in sorted(rows, key=lambda one: one.granted_at):
        is_revoked = row.revoked_at is not None and (at is None or row.revoked_at <= at)
        one = WaiverFacts(row.requirement, row.until, row.owner, row.reason, is_revoked)
        found.setdefault(row.gate_id, []).append(one)
    return found


def outcomes_by_gate(
    actor: Actor, rows: Sequence[GateRow], at: datetime | None = None
) -> Mapping[UUID, str]:
    """Return what was decided last at each gate in its present round; one query."""
    require(actor, Permission.VIEW)
    rounds = {row.facts.id: row.facts.round for row in rows}
    decisions = GateDecision.objects.filter(
        workspace_id=actor.workspace_id, gate_id__in=list(rounds)
    )
    if at is not None:
        decisions = decisions.filter(at__lte=at)
    ordered = decisions.order_by("round", "serial").values_list("gate_id", "round", "outcome")
    return {gate: outcome for gate, number, outcome in ordered if rounds[gate] == number}
