"""Where "blocked by" goes: into the program's register of blockers, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from headway.domain.accounts.rules import Actor
from headway.domain.checkins.queries import HeldUp, OpenWork
from headway.domain.checkins.rules import ItemAnswer
from headway.domain.people.rules import PersonFacts
from headway.domain.plans.actions import set_blocked_items
from headway.domain.risks.actions import (
    reopen_blocker,
    resolve_blocker,
    restore_blocker,
    set_blocker,
)
from headway.errors import Conflict

_SAID = "Said in a check-in."


def note_blockers(
    actor: Actor,
    person: PersonFacts,
    held: Mapping[str, HeldUp],
    answers: Iterable[tuple[ItemAnswer, OpenWork]],
    at: datetime,
) -> list[dict[str, object]]:
    """Write down who holds up what after these answers; return what was done, to take it back.

    What was not spoken of stays; what is finished is not held up any more.
    """
    done = []
    for answer, work in answers:
        by = "" if answer.said.get("finished") is not None else answer.said.get("blocked_by")
        before = held.get(work.address)
        if by is None or by == (before.by if before else ""):
            continue
        did = (
            _open(actor, person, work, str(by), at)
            if before is None
            else _change(actor, before, work, str(by), at)
        )
        done.append({**did, "item": work.address, "name": work.item.name, "by": str(by)})
    return done


def _open(
    actor: Actor, person: PersonFacts, work: OpenWork, by: str, at: datetime
) -> dict[str, object]:
    name = f"{work.item.name} waits for {by}"[:300]
    values = {"name": name, "waits_for": by, "owner": person.key}
    blocker = set_blocker(actor, work.program, "", values, at)
    set_blocked_items(actor, work.program, blocker.key, [work.address], at)
    return {"did": "opened", "program": work.program, "blocker": blocker.key}


def _change(
    actor: Actor, before: HeldUp, work: OpenWork, by: str, at: datetime
) -> dict[str, object]:
    """Say whose move it is now, or that this item is free; others may be held up still."""
    told = {"program": before.program, "blocker": before.key, "version": before.version}
    if by:
        set_blocker(actor, before.program, before.key, {"waits_for": by}, at)
        return {**told, "did": "changed"}
    rest = [address for address in before.items if address != work.address]
    if rest:
        set_blocked_items(actor, before.program, before.key, rest, at)
        return {**told, "did": "freed", "items": list(before.items)}
    resolve_blocker(actor, before.program, before.key, at, how=_SAID)
    return {**told, "did": "resolved"}


def take_back_blockers(actor: Actor, done: Iterable[Mapping[str, object]], at: datetime) -> None:
    """Undo what `note_blockers` did; what somebody settled meanwhile stays settled."""
    for one in reversed(list(done)):
        program, key = str(one["program"]), str(one["blocker"])
        try:
            match one["did"]:
                case "opened":
                    resolve_blocker(actor, program, key, at, how="Taken back with the check-in.")
                case "resolved":
                    reopen_blocker(actor, program, key, at)
                case "changed":
                    restore_blocker(actor, program, key, int(str(one["version"])), at)
                case "freed":
                    items = one["items"]
                    addresses = [str(item) for item in items] if isinstance(items, list) else []
                    set_blocked_items(actor, program, key, addresses, at)
        except Conflict:
            continue
