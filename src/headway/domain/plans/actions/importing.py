"""Imports a plan file into a project: all or nothing, and a second time changes nothing.

What the program already says (its calendar, its resources, its target) is not overwritten by one
project's file: it is kept, and the difference is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from headway.analysis.schedule.plan import Link
from headway.analysis.schedule.plan import Plan as PlanValue
from headway.analysis.schedule.readers import read_plan
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.finance.actions import set_budget_line
from headway.domain.finance.queries import budget_of
from headway.domain.people.actions import set_resource
from headway.domain.people.models import Resource
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions.soundness import require_sound_program
from headway.domain.plans.models import Dependency, Need, Plan, RiskEffect, WorkItem
from headway.domain.plans.rules import calendar_from, calendar_text
from headway.domain.plans.rules.importing import (
    ImportResult,
    Skipped,
    dated,
    days_per_unit,
    hourly,
    item_fields,
    numbers,
    require_fitting_ids,
)
from headway.domain.programs.actions import (
    create_program,
    create_project,
    edit_program,
    set_calendar,
)
from headway.domain.programs.actions.rows import (
    add_dated,
    add_row,
    change_row,
    delete_dated,
    save_dated,
)
from headway.domain.programs.queries import program_named, program_of, programs_of, project_named
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.risks.actions import set_risk
from headway.domain.risks.models import Risk
from headway.errors import Invalid, NotFound


@transaction.atomic
def import_plan(
    actor: Actor, data: bytes, name: str, at: datetime, *, project: str = "", dry_run: bool = False
) -> ImportResult:
    """Import the plan file `data` (its format told by `name`) into a project.

    Without `project` it becomes a project named as the plan. A dry run does everything and takes
    it back. Raises Invalid with every problem of the file; nothing is changed then.
    """
    require(actor, Permission.PLAN)
    plan = read_plan(data, name)
    require_fitting_ids(plan)
    result = _Import(actor, plan, _project(actor, plan, project, at), at).run()
    parent = result.project
    if result.created or result.updated:
        told = {key: value for key, value in result.as_json().items() if key != "skipped"}
        write_audit(actor, "import_plan", parent, at, file=name[:200], **told)
    transaction.set_rollback(dry_run)
    return result


def _project(actor: Actor, plan: PlanValue, slug: str, at: datetime) -> ProjectFacts:
    """Return the project of that address; without one the plan makes its own."""
    if slug:
        return project_named(actor, slug)
    own = slugify(plan.name)[:60] or "project"
    try:
        return project_named(actor, own)
    except NotFound:
        pass
    programs = programs_of(actor)
    if len(programs) > 1:
        names = ", ".join(program.slug for program in programs)
        sentence = f"Say which project the plan is of: there are several programs ({names})."
        raise Invalid(sentence)
    currency = plan.budget.currency if plan.budget else "USD"
    program = (
        programs[0]
        if programs
        else create_program(actor, {"name": plan.name or own, "currency": currency}, at)
    )
    return create_project(actor, program.slug, {"name": plan.name or own, "slug": own}, at)


class _Import:
    """One import under way: what was read, what is there, what was skipped."""

    def __init__(self, actor: Actor, plan: PlanValue, project: ProjectFacts, at: datetime) -> None:
        self.actor, self.project, self.at = actor, project, at
        self.program: ProgramFacts = program_of(actor, project)
        self.skipped: list[Skipped] = []
        self.plan = self._dated(plan)
        self.scale = days_per_unit(self.plan)
        self.changed: set[str] = set()
        self.created: set[str] = set()
        self.rows: dict[str, WorkItem] = {}

    def run(self) -> ImportResult:
        """Write everything, check that the network holds, and say what came of it."""
        self._settings()
        self._items()
        self._links()
        resources = self._resources()
        self._needs(resources)
        self._risks()
        require_sound_program(self.actor, program_named(self.actor, self.program.slug))
        updated = self.changed - self.created
        read = len(self.plan.items)
        return ImportResult(
            project=self.project.slug,
            read=read,
            created=len(self.created),
            updated=len(updated),
            unchanged=read - len(self.created) - len(updated),
            skipped=sorted(self.skipped, key=lambda item: item.line or 0),
        )

    def _dated(self, plan: PlanValue) -> PlanValue:
        """Return the plan with dates; one that has none begins where the project's plan does."""
        if plan.calendar is not None:
            return plan
        held = Plan.objects.filter(project_id=self.project.id).first()
        start = held.start if held else self.at.date()
        found = dated(plan, start, calendar_from(self.program.calendar))
        why = "as before" if held else "the day of its first import"
        self._skip(None, f"start: the file gives no date; work begins on {start}, {why}")
        if plan.target is not None:
            self._skip(None, f"target {plan.target}: it is a number, and the program needs a date")
        return found

    def _skip(self, line: int | None, reason: str) -> None:
        self.skipped.append(Skipped(line, reason))

    def _settings(self) -> None:
        """Keep start and distribution; calendar, target and budget only where none is set."""
        is_first = not Plan.objects.filter(project__program_id=self.program.id).exists()
        fields = {
            "name": self.plan.name,
            "start": self.plan.start,
            "distribution": self.plan.distribution.value,
            "correlations": [
                {"items": list(row.items), "rho": row.rho} for row in self.plan.correlations
            ],
        }
        held = Plan.objects.select_for_update().filter(project_id=self.project.id).first()
        if held is None:
            fresh = Plan(workspace_id=self.actor.workspace_id, project_id=self.project.id, **fields)
            add_row(self.actor, fresh, self.at, "start_plan", project=self.project.slug)
        else:
            change_row(self.actor, held, fields, self.at, "edit_plan")
        self._calendar(is_first=is_first)
        self._target()
        self._budget()

    def _calendar(self, *, is_first: bool) -> None:
        calendar = self.plan.calendar
        if calendar is None or calendar_from(self.program.calendar) == calendar:
            return
        if is_first:
            set_calendar(self.actor, self.program, calendar_text(calendar), self.at)
        else:
            self._skip(
                None, f"calendar {calendar.name!r}: the program's own calendar is kept for all"
            )

    def _target(self) -> None:
        target = self.plan.target
        if target is None or target == self.program.target:
            return
        if not may(self.actor, Permission.PROGRAM):
            self._skip(None, f"target {target}: setting it is for a manager of programs")
        elif self.program.target is None:
            edit_program(self.actor, self.program.slug, {"target": target}, self.at)
        else:
            self._skip(None, f"target {target}: the program's target {self.program.target} is kept")

    def _budget(self) -> None:
        budget = self.plan.budget
        if budget is None:
            return
        held = budget_of(self.actor, self.program).of_project(self.project.id)
        if budget.currency != self.program.currency:
            self._skip(
                None,
                f"budget {budget}: the program keeps its money in {self.program.currency}",
            )
        elif held is None and not may(self.actor, Permission.PROGRAM):
            self._skip(None, f"budget {budget}: setting it is for a manager of programs")
        elif held is None:
            values = {
                "name": f"Budget of {self.project.name}",
                "amount": budget.amount,
                "project": self.project.slug,
            }
            key = f"plan-{self.project.slug}"
            set_budget_line(self.actor, self.program.slug, key, values, self.at)
        elif held != budget.amount:
            self._skip(None, f"budget {budget}: the project's budget of {held} is kept")

    def _items(self) -> None:
        """Create and update items by key; one that the file no longer has is kept and listed."""
        there = {row.key: row for row in WorkItem.objects.filter(project_id=self.project.id)}
        fresh: list[WorkItem] = []
        updated: list[WorkItem] = []
        names: tuple[str, ...] = ()
        for order, item in enumerate(self.plan.items):
            fields = item_fields(item, order, self.scale, self.program.currency)
            names = tuple(fields)
            row = there.get(item.id)
            if row is None:
                row = WorkItem(
                    workspace_id=self.actor.workspace_id,
                    project_id=self.project.id,
                    key=item.id,
                    **fields,
                )
                fresh.append(row)
            elif any(getattr(row, name) != value for name, value in fields.items()):
                for name, value in fields.items():
                    setattr(row, name, value)
                row.version += 1
                updated.append(row)
            self.rows[item.id] = row
        add_dated(self.actor, WorkItem, fresh, self.at)
        save_dated(self.actor, WorkItem, updated, [*names, "version"], self.at)
        self.created = {row.key for row in fresh}
        self.changed |= self.created | {row.key for row in updated}
        for key in sorted(set(there) - set(self.rows)):
            self._skip(None, f"item '{key}' is not in the file any more; it is kept as it was")

    def _links(self) -> None:
        """Make the links of the file's items exactly those of the file."""
        ids = {row.id: key for key, row in self.rows.items()}
        held = {
            (ids[row.item_id], ids.get(row.predecessor_id, ""), row.kind): row
            for row in Dependency.objects.filter(item_id__in=list(ids))
        }
        wanted: dict[tuple[str, str, str], Link] = {
            (item.id, link.predecessor, link.type.value): link
            for item in self.plan.items
            for link in item.after
        }
        for place, row in held.items():
            # A link to another project's item is not the file's to remove.
            if place[1] and place not in wanted:
                delete_dated(self.actor, row, self.at)
                self.changed.add(place[0])
        fresh, moved = [], []
        for place, link in wanted.items():
            lag = link.lag if link.unit.value == "percent" else link.lag * self._lag_scale(link)
            there = held.get(place)
            if there is None:
                fresh.append(self._link(place, lag, link.unit.value))
            elif (there.lag, there.lag_unit) != (lag, link.unit.value):
                there.lag, there.lag_unit = lag, link.unit.value
                moved.append(there)
            else:
                continue
            self.changed.add(place[0])
        add_dated(self.actor, Dependency, fresh, self.at)
        save_dated(self.actor, Dependency, moved, ["lag", "lag_unit"], self.at)

    def _lag_scale(self, link: Link) -> float:
        """Return the scale of a lag: elapsed lags count days of the wall, not of work."""
        if link.unit.value == "working":
            return self.scale
        return {"hours": 1 / 24, "days": 1.0, "weeks": 7.0}[self.plan.unit.value]

    def _link(self, place: tuple[str, str, str], lag: float, unit: str) -> Dependency:
        item, predecessor, kind = place
        return Dependency(
            workspace_id=self.actor.workspace_id,
            item=self.rows[item],
            predecessor=self.rows[predecessor],
            kind=kind,
            lag=lag,
            lag_unit=unit,
        )

    def _resources(self) -> Mapping[str, UUID]:
        """Make the resources that are new to the program; a different one is kept as it was."""
        held = {row.name: row for row in resources_of(self.actor, self.program)}
        for resource in self.plan.resources:
            rate = hourly(resource.rate, self.plan.calendar)
            known = held.get(resource.name)
            kind = "compute" if resource.kind == "compute" else "people"
            if known is None:
                values = {"capacity": resource.capacity, "rate": rate, "kind": kind}
                set_resource(self.actor, self.program.slug, resource.name, values, self.at)
            elif (known.capacity, known.rate) != (resource.capacity, rate):
                self._skip(
                    resource.line,
                    f"resource '{resource.name}': the program's own "
                    f"({known.capacity:g} at {known.rate:f} an hour) is kept",
                )
        return dict(Resource.objects.filter(program_id=self.program.id).values_list("name", "id"))

    def _needs(self, resources: Mapping[str, UUID]) -> None:
        """Make the needs of the file's items exactly those of the file."""
        ids = {row.id: key for key, row in self.rows.items()}
        held = {
            (ids[row.item_id], row.resource_id): row
            for row in Need.objects.filter(item_id__in=list(ids))
        }
        wanted = {
            (item.id, resources[name]): units
            for item in self.plan.items
            for name, units in item.needs.items()
        }
        fresh, moved = [], []
        for place, units in wanted.items():
            row = held.get(place)
            if row is None:
                fresh.append(
                    Need(
                        workspace_id=self.actor.workspace_id,
                        item=self.rows[place[0]],
                        resource_id=place[1],
                        units=units,
                    )
                )
            elif row.units != units:
                row.units = units
                moved.append(row)
            else:
                continue
            self.changed.add(place[0])
        for place, row in held.items():
            if place not in wanted:
                delete_dated(self.actor, row, self.at)
                self.changed.add(place[0])
        add_dated(self.actor, Need, fresh, self.at)
        save_dated(self.actor, Need, moved, ["units"], self.at)

    def _risks(self) -> None:
        """Make or change the file's risks; a key another project uses gets this one's in front."""
        for risk in self.plan.risks:
            key = self._risk_key(risk.id)
            softer = risk.mitigated
            values: dict[str, object] = {
                "name": risk.name or risk.id,
                "probability": risk.probability,
                "delay": numbers(risk.delay, self.scale),
                "cost": numbers(risk.impact),
                "project": self.project.slug,
                "kind": _kind(risk.delay.most_likely if risk.delay else 0.0),
            }
            if softer is not None:
                values |= {
                    "mitigated_probability": softer.probability,
                    "mitigated_delay": numbers(softer.delay, self.scale),
                    "mitigated_cost": numbers(softer.impact),
                    "mitigation_cost": softer.cost,
                }
            held = set_risk(self.actor, self.program.slug, key, values, self.at)
            self._effects(held.id, {self.rows[item].id for item in risk.delays})

    def _risk_key(self, key: str) -> str:
        held = Risk.objects.filter(program_id=self.program.id, key=key).first()
        if held is None or held.project_id == self.project.id:
            return key
        return f"{self.project.slug}-{key}"[:60]

    def _effects(self, risk_id: UUID, wanted: set[UUID]) -> None:
        held = {row.item_id: row for row in RiskEffect.objects.filter(risk_id=risk_id)}
        for item_id, row in held.items():
            if item_id not in wanted:
                delete_dated(self.actor, row, self.at)
        fresh = [
            RiskEffect(workspace_id=self.actor.workspace_id, risk_id=risk_id, item_id=item_id)
            for item_id in sorted(wanted - set(held))
        ]
        add_dated(self.actor, RiskEffect, fresh, self.at)


def _kind(most_likely_delay: float) -> str:
    return "opportunity" if most_likely_delay < 0 else "threat"
