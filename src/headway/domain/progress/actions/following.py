"""Writing down what evidence says is left of items: by a person, or where it was switched on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions import take_estimate, take_remaining
from headway.domain.plans.actions.links import item_at
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import programs_of
from headway.domain.progress.models import Follow
from headway.domain.progress.queries.following import FollowedItem, followed_items
from headway.errors import Invalid, NotFound

APPLY = "apply"


def follow_evidence(actor: Actor, at: datetime) -> int:
    """Write the ranges of items that follow evidence by themselves; return how many.

    Under way it is what remains; before the start it is the estimate.

    Only those whose `mode` is apply, and only where the range has moved by more than it is worth
    to keep still. What is not reachable writes nothing: somebody decides. Metrics and labels end
    in the same proposal; a further kind of evidence is a further `Pull`.
    """
    require(actor, Permission.PLAN)
    applied = Follow.objects.filter(workspace_id=actor.workspace_id, mode=APPLY)
    asked = set(applied.values_list("item__project__program_id", flat=True))
    written = 0
    for program in programs_of(actor) if asked else ():
        if program.id not in asked:
            continue
        for followed in followed_items(actor, program, at):
            if followed.follow.mode == APPLY and followed.proposal.differs:
                _write(actor, followed, at)
                written += 1
    return written


def take_proposal(
    actor: Actor, address: str, at: datetime, *, version: int | None = None
) -> ItemFacts:
    """Write what evidence says now is left of the item at project/key. Needs `plan`.

    Raises NotFound for an item that follows nothing, Invalid where there is no number to write.
    """
    require(actor, Permission.PLAN)
    _, program = item_at(actor, address)
    for followed in followed_items(actor, program, at):
        if followed.address == address:
            if followed.proposal.remaining is None:
                raise Invalid(followed.proposal.sentence)
            return _write(actor, followed, at, version)
    sentence = f"{address} follows no evidence; say first what it follows."
    raise NotFound(sentence)


def _write(
    actor: Actor, followed: FollowedItem, at: datetime, version: int | None = None
) -> ItemFacts:
    remaining: Sequence[float] = followed.proposal.remaining or ()
    place = (followed.project, followed.item.key)
    take = take_estimate if followed.proposal.from_start else take_remaining
    return take(actor, place, remaining, followed.proposal.origin, at, version=version)
