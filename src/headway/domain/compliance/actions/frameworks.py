"""Holding something to a framework, saying what applies, and answering for a control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import ControlAnswer, PackAssignment
from headway.domain.compliance.queries.packs import control_named, newest_of, pack_named, packs_of
from headway.domain.compliance.queries.standing import assignment_of, projects_in, scope_named
from headway.domain.compliance.rules.assigning import AssignmentFacts, Scope, read_way, read_word
from headway.domain.compliance.rules.controls import item_of
from headway.domain.compliance.rules.packs import Pack
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.models import Program, System
from headway.domain.programs.rules.fields import text
from headway.errors import Conflict, Refused
from headway.observation import Observation, SubjectRef

#: The source of what people answer in Headway itself.
SOURCE = "headway"

#: A pack's id, and the kind and the address of what is held to it.
Place = tuple[str, str, str]

_OWNER = text(200)


@transaction.atomic
def assign_pack(actor: Actor, place: Place, at: datetime, *, owner: str = "") -> AssignmentFacts:
    """Hold something to a pack.

    Raises Refused, naming the successor, for a pack that was superseded or is not in force yet;
    Conflict when it is held to it already.
    """
    require(actor, Permission.PROGRAM)
    pack = place[0]
    found = pack_named(actor, pack)
    scope = scope_named(actor, *place[1:])
    later = newest_of(found, packs_of(actor))
    why = found.why_not(at.date(), later if later is not found else None)
    if why:
        raise Refused(why)
    row = _held(actor, pack, scope)
    if row is None:
        row = _new(actor, pack, scope)
        row.owner, row.assigned_by, row.assigned_at = str(_OWNER("owner", owner)), actor.label, at
        add_row(actor, row, at, "assign_pack", scope=scope.subject)
    elif row.is_ended:
        again = {"is_ended": False, "assigned_by": actor.label, "assigned_at": at}
        change_row(actor, row, again, at, "assign_pack")
    else:
        sentence = f"{scope.name} is held to {found.title} already."
        raise Conflict(sentence)
    return assignment_of(actor, pack, scope)


def _new(actor: Actor, pack: str, scope: Scope) -> PackAssignment:
    row = PackAssignment(workspace_id=actor.workspace_id, pack=pack)
    mine = {"workspace_id": actor.workspace_id, "slug": scope.slug}
    if scope.kind == "system":
        row.system = System.objects.get(**mine)
    elif scope.kind == "program":
        row.program = Program.objects.get(**mine)
    return row


def _held(actor: Actor, pack: str, scope: Scope) -> PackAssignment | None:
    """Return the locked row of an assignment, ended or not."""
    rows = PackAssignment.objects.select_for_update().filter(
        workspace_id=actor.workspace_id, pack=pack
    )
    match scope.kind:
        case "system":
            return rows.filter(system__slug=scope.slug).first()
        case "program":
            return rows.filter(program__slug=scope.slug).first()
    return rows.filter(system__isnull=True, program__isnull=True).first()


@transaction.atomic
def end_assignment(actor: Actor, place: Place, at: datetime, *, version: int | None = None) -> None:
    """Hold it to the pack no longer. What was answered stays, and comes back with it."""
    require(actor, Permission.PROGRAM)
    found, scope, _ = _asked(actor, place)
    row = _held(actor, found.id, scope)
    assert row is not None  # noqa: S101 - assignment_of has seen it
    change_row(actor, row, {"is_ended": True}, at, "end_assignment", version)


@transaction.atomic
def set_applicability(
    actor: Actor,
    place: Place,
    control: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> int:
    """Say whether a control applies and how it is answered: `values` are way (of WAYS), reason.

    Returns the version of the answer. Raises Conflict when it moved on since `version`.
    """
    require(actor, Permission.DECIDE)
    found, scope, assignment = _asked(actor, place)
    one = control_named(found, control)
    way, reason = read_way(values)
    fields = {"way": way, "reason": reason, "author": actor.label, "said_at": at}
    rows = ControlAnswer.objects.select_for_update()
    row = rows.filter(assignment_id=assignment.id, control=one.id).first()
    if row is None:
        row = ControlAnswer(
            workspace_id=actor.workspace_id,
            assignment_id=assignment.id,
            control=one.id,
            **fields,
        )
        add_row(actor, row, at, "set_applicability", pack=found.id, scope=scope.subject)
    else:
        change_row(actor, row, fields, at, "set_applicability", version)
    return row.version


@transaction.atomic
def restore_applicability(
    actor: Actor, place: Place, control: str, version: int, at: datetime
) -> None:
    """Give what was said of a control its earlier words; version 0: nothing had been said."""
    require(actor, Permission.DECIDE)
    _, _, assignment = _asked(actor, place)
    if version > 0:
        where = {"assignment_id": assignment.id, "control": control}
        put_back(actor, ControlAnswer, version, at, **where)
    else:
        set_applicability(actor, place, control, {"way": "as_asked"}, at)


@transaction.atomic
def attest_control(
    actor: Actor,
    place: Place,
    control: str,
    values: Mapping[str, object],
    at: datetime,
) -> int:
    """Answer for a control in person; returns the number of the record that says so.

    `values` are answer (met, partly, unmet), role, statement, link, done_on. It is looked at again
    after the control's review days. Raises Invalid for "met" without a link and a day.
    """
    require(actor, Permission.DECIDE)
    found, scope, _ = _asked(actor, place)
    one = control_named(found, control)
    word = read_word(values, at.date())
    homes = projects_in(actor, scope)
    if not homes:
        sentence = f"{scope.name} has no project yet to keep evidence in; add one first."
        raise Refused(sentence)
    seen = Observation(
        subject=SubjectRef.parse(scope.subject),
        kind="attestation",
        source=SOURCE,
        observed_at=at,
        payload={
            "item": item_of(found, one),
            "answer": word.answer,
            "role": word.role,
            "statement": word.statement,
            "link": word.link or None,
            "done_on": word.done_on.isoformat() if word.done_on else None,
            "by_ref": str(actor.member_id or ""),
        },
        valid_until=at + timedelta(days=one.review_days),
        project=homes[0].slug,
    )
    outcome = record_evidence(_hand(actor), [seen], at)
    if not outcome.sequences:
        reason = outcome.refused[0].reason if outcome.refused else "It is on record already."
        raise Conflict(reason)
    number = outcome.sequences[0]
    write_audit(actor, "attest_control", item_of(found, one), at, record=number, answer=word.answer)
    return number


def _hand(actor: Actor) -> Actor:
    """Return whoever records the answer: in the attester's name, with a hand for the ledger.

    Who may answer for a control need not be somebody who pushes evidence.
    """
    return replace(actor, only=frozenset({Permission.VIEW, Permission.EVIDENCE}))


def _asked(actor: Actor, place: Place) -> tuple[Pack, Scope, AssignmentFacts]:
    """Return the pack, what is held to it, and that it is."""
    pack, kind, slug = place
    scope = scope_named(actor, kind, slug)
    return pack_named(actor, pack), scope, assignment_of(actor, pack, scope)
