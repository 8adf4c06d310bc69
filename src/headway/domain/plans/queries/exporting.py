"""A program's plan, or one project's, as a file that another tool opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries.network import is_quick, plan_value
from headway.domain.plans.rules.exporting import FORMATS, format_of, portable, write_plan
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as a file. `losses` are sentences: what its format cannot carry."""

    name: str
    content_type: str
    data: bytes
    losses: Sequence[str]


def plan_file(
    actor: Actor, program: ProgramFacts, form: str, at: datetime | None, *, project: str = ""
) -> PlanFile:
    """Return the plan as known at `at` as YAML, Microsoft Project XML or CSV (`form`).

    Raises Invalid for a form that is not written, NotFound where there is no such project or
    nothing is planned.
    """
    format_ = format_of(f"plan.{form}")
    names = {one.slug: one.name for one in projects_of(actor, program, at)}
    if project and project not in names:
        sentence = f"{program.name} has no project {project!r}; name one of its own."
        raise NotFound(sentence)
    plan = plan_value(actor, program, at, project=project)
    if not plan.items or plan.start is None:
        sentence = f"Nothing is planned in {names.get(project, program.name)} yet; add work first."
        raise NotFound(sentence)
    written = write_plan(portable(plan, names, project), format_, plan.start)
    name = f"{project or program.slug}.{format_}"
    return PlanFile(name, FORMATS[format_], written.data, written.losses)


def export_losses(
    actor: Actor, program: ProgramFacts, at: datetime | None, *, project: str = ""
) -> Mapping[str, Sequence[str]]:
    """Return what each form cannot carry of the plan; nothing where it is too large to try.

    Raises NotFound as `plan_file` does.
    """
    if not is_quick(actor, program):
        return {}
    return {form: plan_file(actor, program, form, at, project=project).losses for form in FORMATS}
