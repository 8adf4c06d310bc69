"""Asking a question of somebody, working out what each answer does, and taking one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.changing import make_change
from headway.domain.plans.models import Decision, DecisionOutlook
from headway.domain.plans.queries.decisions import (
    decision_facts,
    decision_named,
    may_answer,
    outlook_of,
    write_outlook,
)
from headway.domain.plans.queries.network import is_quick, joined_parts
from headway.domain.plans.rules import (
    DECISION_FIELDS,
    DecisionFacts,
    Outlook,
    joined_plan,
    options_of,
    read_trigger,
    with_changes,
)
from headway.domain.plans.rules.inputs import key as read_key
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, Invalid, Refused

#: A trigger that has not been met.
_UNSAID: Mapping[str, object] = {"reopen_said": "", "reopen_said_at": None}

#: What a taken decision forgets when it is opened again; the plan keeps what it did.
_UNTAKEN: Mapping[str, object] = {
    "state": "open",
    "chosen": "",
    "reason": "",
    "taken_at": None,
    "taken_by": "",
    "seen": {},
    **_UNSAID,
}


@transaction.atomic
def set_decision(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> DecisionFacts:
    """Set the decision `key` of a program: made from `values` (DECISION_FIELDS), or changed.

    Every option must leave a plan that holds; what each does is simulated and kept. Raises
    Conflict when it was taken: `reopen_decision` comes first.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    key = str(read_key("key", key))
    fields = clean(values, DECISION_FIELDS)
    row = Decision.objects.select_for_update().filter(program_id=parent.id, key=key).first()
    if row is None:
        row = _new(actor, parent, key, fields, at)
    elif row.state == "taken":
        sentence = f"“{row.question}” was decided already; open it again before you change it."
        raise Conflict(sentence)
    else:
        _check(actor, parent, {"options": row.options, "recommended": row.recommended, **fields})
        change_row(actor, row, fields, at, "set_decision", version)
    _weigh_soon(actor, parent, row, at)
    return decision_named(actor, parent, key)


def _new(
    actor: Actor, program: ProgramFacts, key: str, fields: Mapping[str, Any], at: datetime
) -> Decision:
    if "question" not in fields:
        sentence = f"The decision '{key}' is new and needs its question."
        raise Invalid(sentence)
    _check(actor, program, {"options": [], "recommended": "", **fields})
    row = Decision(workspace_id=actor.workspace_id, program_id=program.id, key=key, **fields)
    return add_row(actor, row, at, "set_decision", program=program.slug, **fields)


def _check(actor: Actor, program: ProgramFacts, fields: Mapping[str, Any]) -> None:
    """Raise Invalid for an option that breaks the plan, and for advice that is no option."""
    options = options_of(fields["options"])
    advised = fields["recommended"]
    if advised and advised not in {option.key for option in options}:
        sentence = f"'{advised}' is recommended, but no option has that key."
        raise Invalid(sentence)
    if not any(option.changes for option in options):
        return
    parts = joined_parts(actor, program)
    for option in options:
        try:
            found = problems(joined_plan(with_changes(parts, option.changes)))
        except Invalid as error:
            sentence = f"The option “{option.name}” cannot be taken: {error}"
            raise Invalid(sentence) from error
        if found:
            raise Invalid(summary(f"The option “{option.name}” cannot be taken", found))


def weigh_decision(actor: Actor, program: ProgramFacts, row: Decision, at: datetime) -> None:
    """Work out what each option of an open decision would do, and keep it."""
    options = options_of(row.options)
    if row.state != "open" or not options:
        return
    answer = write_outlook(outlook_of(actor, program, options, at))
    DecisionOutlook.objects.update_or_create(
        workspace_id=row.workspace_id, decision_id=row.id, at=at, defaults={"answer": answer}
    )


def _weigh_soon(actor: Actor, program: ProgramFacts, row: Decision, at: datetime) -> None:
    """Weigh a decision at once where that takes seconds; of a large plan the worker does it."""
    if is_quick(actor, program):
        weigh_decision(actor, program, row, at)


def weigh_unweighed(actor: Actor, program: str, at: datetime) -> int:
    """Weigh the open decisions that changed since they were weighed; return how many."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program, at)
    rows = Decision.objects.filter(
        workspace_id=actor.workspace_id, program_id=parent.id, state="open"
    )
    waiting = [row for row in rows.order_by("key") if row.options and _is_unweighed(row)]
    for row in waiting:
        weigh_decision(actor, parent, row, at)
    return len(waiting)


def _is_unweighed(row: Decision) -> bool:
    weighed = row.outlooks.aggregate(last=Max("at"))["last"]
    changed = row.history.aggregate(last=Max("history_date"))["last"]
    return weighed is None or weighed < changed


def weigh_decisions(actor: Actor, program: ProgramFacts, at: datetime) -> None:
    """Work out anew what every open decision's options would do: the plan has moved."""
    rows = Decision.objects.filter(
        workspace_id=actor.workspace_id, program_id=program.id, state="open"
    )
    for row in rows.order_by("key"):
        weigh_decision(actor, program, row, at)


@transaction.atomic
def take_decision(
    actor: Actor,
    place: tuple[str, str],
    option: str,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> DecisionFacts:
    """Take one option of the decision at `place` (program, key): its changes are made in the plan.

    What was seen then is kept with it. Whoever answers for programs may; an approver may whom the
    decision names, and the holder of a link that was made for it. Raises Refused for others;
    Conflict when it was taken or withdrawn before, or moved on since `version`; Invalid for an
    option that is none, or that breaks today's plan.
    """
    require(actor, Permission.DECIDE)
    hand = _hand(actor)
    parent = program_named(hand, place[0])
    held = decision_named(hand, parent, place[1])
    _refuse_others(actor, held)
    row = Decision.objects.select_for_update().get(id=held.id)
    if row.state != "open":
        sentence = f"“{row.question}” is {row.state}; only an open decision can be taken."
        raise Conflict(sentence)
    chosen = held.option(option)
    if chosen is None:
        known = ", ".join(one.key for one in held.options) or "none"
        sentence = f"'{option}' is no option of “{row.question}”; there is {known}."
        raise Invalid(sentence)
    seen = write_outlook(_seen(hand, parent, held, at))
    for change in chosen.changes:
        make_change(hand, parent, change, at)
    taken = {
        "state": "taken",
        "chosen": option,
        "reason": clean({"background": reason}, DECISION_FIELDS)["background"],
        "taken_at": at,
        "taken_by": actor.label,
        "seen": seen,
    }
    change_row(actor, row, taken, at, "take_decision", version)
    return decision_facts(row)


def _seen(actor: Actor, program: ProgramFacts, held: DecisionFacts, at: datetime) -> Outlook:
    """Return what the options do at the moment one is taken; of a large plan as last weighed."""
    if is_quick(actor, program):
        return outlook_of(actor, program, held.options, at)
    if held.outlook is not None:
        return held.outlook
    return Outlook(at, problem="It was taken before what its options do was worked out.")


def _refuse_others(actor: Actor, decision: DecisionFacts) -> None:
    if not may_answer(actor, decision):
        whose = decision.owner or "somebody who answers for the program"
        sentence = f"“{decision.question}” is for {whose} to decide; ask them, or a manager."
        raise Refused(sentence)


def _hand(actor: Actor) -> Actor:
    """Return whoever carries a decision out: in the decider's name, with a hand for the plan.

    A decision is an answer and its changes together: who may give the answer need not be somebody
    who edits plans.
    """
    return replace(actor, only=frozenset({Permission.VIEW, Permission.PLAN}))


@transaction.atomic
def reopen_decision(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> DecisionFacts:
    """Ask the question again. What the old answer changed in the plan stays."""
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    row = Decision.objects.select_for_update().get(id=decision_named(actor, parent, key).id)
    change_row(actor, row, _UNTAKEN, at, "reopen_decision", version)
    _weigh_soon(actor, parent, row, at)
    return decision_named(actor, parent, key)


@transaction.atomic
def watch_decision(
    actor: Actor,
    place: tuple[str, str],
    trigger: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> DecisionFacts:
    """Set what is watched once the decision at `place` is taken; a taken one as well.

    What was met before is forgotten: the new trigger is looked at from the next tick on.
    """
    require(actor, Permission.PLAN)
    row, parent = _locked(actor, place)
    changes = {"reopen_on": read_trigger("reopen_on", trigger), **_UNSAID}
    change_row(actor, row, changes, at, "watch_decision", version)
    return decision_named(actor, parent, place[1])


@transaction.atomic
def keep_decision(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> DecisionFacts:
    """Let an answer stand though its trigger was met: nothing is watched any more."""
    require(actor, Permission.PROGRAM)
    row, parent = _locked(actor, place)
    changes = {"reopen_on": {}, **_UNSAID}
    change_row(actor, row, changes, at, "keep_decision", version)
    return decision_named(actor, parent, place[1])


@transaction.atomic
def say_reopen(actor: Actor, decision: DecisionFacts, said: str, at: datetime) -> bool:
    """Mark a taken decision as one that somebody should look at again, and say why; once.

    It is never opened by itself. Needs `sync`: Headway watches.
    """
    require(actor, Permission.SYNC, decision)
    row = Decision.objects.select_for_update().get(id=decision.id)
    if row.state != "taken" or row.reopen_said:
        return False
    return change_row(actor, row, {"reopen_said": said, "reopen_said_at": at}, at, "say_reopen")


def _locked(actor: Actor, place: tuple[str, str]) -> tuple[Decision, ProgramFacts]:
    parent = program_named(actor, place[0])
    held = decision_named(actor, parent, place[1])
    return Decision.objects.select_for_update().get(id=held.id), parent
