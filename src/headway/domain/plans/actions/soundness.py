"""A plan stays one that can be simulated: checked after each change, inside its transaction."""

from __future__ import annotations

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.soundness import problems
from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries import plan_value
from headway.domain.programs.queries import program_of
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.errors import Invalid


def require_sound_plan(actor: Actor, project: ProjectFacts) -> None:
    """Raise Invalid, which undoes the change, when the joint network no longer holds.

    The whole program is looked at, because a cycle may run through several projects.
    """
    require_sound_program(actor, program_of(actor, project))


def require_sound_program(actor: Actor, program: ProgramFacts) -> None:
    """Raise Invalid when the program's joint network has a problem (a cycle, a range, a date).

    A program without any item is empty, not unsound: its last item may be removed.
    """
    require_sound_value(plan_value(actor, program))


def require_sound_value(plan: Plan) -> None:
    """Raise Invalid when a joint network, stored or not yet, has a problem."""
    found = problems(plan) if plan.items else []
    if found:
        first = found[0]
        more = f" ({len(found)} problems in all)" if len(found) > 1 else ""
        sentence = f"The plan would not hold: {first.where}: {first.sentence}{more}"
        raise Invalid(sentence, found)
