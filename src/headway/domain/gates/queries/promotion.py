"""What serves, held against what gates decided: of every model, in a flat number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.models import Shift
from headway.domain.assessments.rules import Assessment, Verdict
from headway.domain.assessments.rules.verdicts import PROMOTION
from headway.domain.gates.models import Gate, GateDecision
from headway.domain.gates.rules.promotion import Decided, Serving, reconcile, waiting
from headway.domain.inventory.queries import Held, alias_lines, held_models
from headway.domain.inventory.rules.deployments import placed_now
from headway.domain.inventory.rules.versions import STAGES_OF_ALIAS, STAGES_OF_STATUS
from headway.domain.programs.models import Project
from headway.domain.programs.queries import releases_of, rows_at
from headway.domain.programs.rules import ReleaseFacts
from headway.observation import SubjectRef

_RANK = (Verdict.UNMET, Verdict.MISSING, Verdict.NOT_DUE, Verdict.MET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class PromotionLine:
    """One thing that points to a version of a model, and whether its gate let it through.

    `what` is "@champion", "production (cloud)", or empty where nothing serves. `project` is the
    slug of where the model belongs, with its ids; None of these where it belongs nowhere.
    """

    model: str
    what: str
    version: str
    system: str
    project: str
    project_id: UUID | None
    program_id: UUID | None
    assessment: Assessment

    @property
    def is_alarm(self) -> bool:
        """Say whether somebody has to act."""
        return self.assessment.verdict is Verdict.UNMET


def promotion_lines(
    actor: Actor, at: datetime, *, known_at: datetime | None = None, model: str = ""
) -> Sequence[PromotionLine]:
    """Return how registry and deployments stand to the gates' decisions, alarms first.

    `model` cuts to one model. Twelve queries, whatever the number of models.
    """
    require(actor, Permission.VIEW)
    held = held_models(actor, known_at, [model] if model else ())
    ground = _Ground(actor, held, known_at)
    names = [model] if model else sorted(held.heard)
    lines = [line for name in names for line in _of_model(ground, name, at)]
    return sorted(lines, key=lambda one: (_RANK.index(one.assessment.verdict), one.model, one.what))


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """An alarm that was written down and has not ended."""

    sentence: str
    records: Sequence[int]
    since: datetime


def standing_alarms(actor: Actor, at: datetime | None = None) -> Sequence[StandingAlarm]:
    """Return the alarms that began by `at` and had not ended then, the newest first; one query."""
    require(actor, Permission.VIEW)
    # Judged here: a filter on the query would reach below its window, and find an older shift.
    found = [
        StandingAlarm(row.sentence, row.records, row.at)
        for row in last_promotions(actor, at)
        if row.new_verdict == Verdict.UNMET
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)


def last_promotions(actor: Actor, at: datetime | None = None) -> QuerySet[Shift]:
    """Return the last shift of each promotion known at `at`; the caller reads, never writes."""
    newest_first = (F("at").desc(), F("id").desc())
    places = (F("program_id"), F("criterion"))
    number = Window(RowNumber(), partition_by=places, order_by=newest_first)
    rows = Shift.objects.filter(workspace_id=actor.workspace_id, criterion__startswith=PROMOTION)
    if at is not None:
        rows = rows.filter(at__lte=at)
    return rows.annotate(place=number).filter(place=1)


class _Ground:
    """Models, releases, gates and decisions, read once."""

    def __init__(self, actor: Actor, held: Held, known_at: datetime | None) -> None:
        self.held = held
        releases = {one.id: one for one in releases_of(actor, known_at)}
        gates = rows_at(Gate, known_at, workspace_id=actor.workspace_id)
        self.gated: dict[UUID, dict[str, datetime]] = {}
        for gate in gates:
            if gate.release_id in releases:
                system = releases[gate.release_id].system_id
                mine = self.gated.setdefault(system, {})
                mine[gate.stage] = min(gate.opened_at, mine.get(gate.stage, gate.opened_at))
        self.decided = _decisions(actor, gates, releases, known_at)
        projects = rows_at(Project, known_at, workspace_id=actor.workspace_id)
        self.projects = {one.slug: one for one in projects}


def _decisions(
    actor: Actor,
    gates: Sequence[Gate],
    releases: Mapping[UUID, ReleaseFacts],
    known_at: datetime | None,
) -> Mapping[str, Sequence[Decided]]:
    """Return the last decision on each version at each gate, by model."""
    rows = GateDecision.objects.filter(workspace_id=actor.workspace_id).exclude(subject="")
    if known_at is not None:
        rows = rows.filter(at__lte=known_at)
    places = {gate.id: gate for gate in gates}
    last: dict[tuple[UUID, str], Decided] = {}
    for row in rows.defer("seen").order_by("at", "round", "serial"):
        gate = places.get(row.gate_id)
        release = releases.get(gate.release_id) if gate else None
        if gate is None or release is None:
            continue
        order = tuple(stage.id for stage in release.stages)
        version = SubjectRef.parse(row.subject).version
        last[row.gate_id, row.subject] = Decided(
            version, gate.stage, order, row.outcome, row.at, row.record
        )
    found: dict[str, list[Decided]] = {}
    for (_, subject), decided in last.items():
        found.setdefault(SubjectRef.parse(subject).name, []).append(decided)
    return found


def _of_model(ground: _Ground, name: str, at: datetime) -> Sequence[PromotionLine]:
    held = ground.held
    system = held.system(name)
    gated = ground.gated.get(system.id, {}) if system else {}
    decided = ground.decided.get(name, ())
    words = system.name if system else ""
    found = [
        _line(ground, name, serving, reconcile(serving, decided, gated, at, words))
        for serving in _servings(held, name)
    ]
    if not any("live" in serving.stages for serving in _servings(held, name)):
        told = waiting(name, decided, at)
        if told is not None:
            found.append(_line(ground, name, None, told))
    return found


def _line(
    ground: _Ground, name: str, serving: Serving | None, assessment: Assessment
) -> PromotionLine:
    system, home = ground.held.system(name), ground.held.home(name)
    project = ground.projects.get(home)
    return PromotionLine(
        model=name,
        what=serving.what if serving else "",
        version=serving.version if serving else "",
        system=system.slug if system else "",
        project=home if project else "",
        project_id=project.id if project else None,
        program_id=project.program_id if project else None,
        assessment=assessment,
    )


def _servings(held: Held, name: str) -> Sequence[Serving]:
    """Return what points to a version of a model and stands for a stage."""
    found = []
    said = held.said.get(name)
    window = said.change_window if said else ""
    for line in alias_lines(held, name):
        stages = STAGES_OF_ALIAS.get(line.alias.lower(), ())
        began = line.began
        if stages and line.version and began is not None:
            what = f"@{line.alias}"
            place = (began.after, began.by, began.records)
            found.append(Serving(name, line.version, what, stages, *place, window))
    mine = [one for one in held.deployments if one.model == name]
    for placed in placed_now(mine):
        one = placed.deployment
        stages = STAGES_OF_STATUS.get(one.status, ())
        if stages and one.version:
            what = f"{one.environment} ({one.target})"
            place = (placed.since, placed.since, placed.records)
            found.append(Serving(name, one.version, what, stages, *place, window))
    return found
