"""Pages that read: all frameworks, one of them, how it stands for what is held, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.compliance.queries.packs import (
    newest_of,
    pack_named,
    packs_of,
    policies_of,
    successor_of,
)
from headway.domain.compliance.queries.standing import (
    PackStanding,
    assignments_of,
    held_standing,
    pack_standings,
    scope_named,
)
from headway.domain.compliance.rules.controls import ControlStanding
from headway.domain.compliance.rules.packs import Control, Pack, ask_words, difference
from headway.domain.compliance.rules.tally import Answered
from headway.domain.people.queries import names_of
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import is_live

#: What a kind of pack is called, for a reader.
KINDS = {
    "law": "Law",
    "standard": "Standard",
    "guidance": "Voluntary guidance",
    "policy": "Policy of our own",
}


def frameworks(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how the frameworks stand that something is held to; then the whole list."""
    at = request.at or request.now
    standings = pack_standings(request.actor, at, request.at)
    packs, names = packs_of(request.actor, request.at), names_of(request.actor)
    values = {
        "standings": standings,
        "said": _said(standings),
        "policies": [
            (one, names.get(one.owner, one.owner)) for one in policies_of(request.actor, request.at)
        ],
        "packs": [
            (pack, KINDS[pack.kind], _note(pack, packs, at.date()))
            for pack in packs.values()
            if pack.kind != "policy"
        ],
        "live": is_live(request),
    }
    return render(request, "frameworks_web/frameworks.html", values)


def _said(standings: Sequence[PackStanding]) -> str:
    if not standings:
        return "Nothing is held to a framework yet."
    met = sum(one.tally.met for one in standings)
    asked = sum(one.tally.applicable for one in standings)
    unmet = sum(one.tally.unmet for one in standings)
    old = sum(one.is_superseded for one in standings)
    parts = [f"{met} of {asked} controls are met", f"{unmet} unmet" if unmet else ""]
    parts.append(f"{old} framework{'' if old == 1 else 's'} superseded" if old else "")
    return f"{', '.join(part for part in parts if part)}."


def _note(pack: Pack, packs: Mapping[str, Pack], day: date) -> str:
    """Say what a reader has to know before assigning a pack."""
    newest = newest_of(pack, packs)
    if pack.has_ended(day):
        by = f" by {newest.title} {newest.version}" if newest is not pack else ""
        return f"superseded on {pack.effective_until:%-d %b %Y}{by}"
    if not pack.in_force(day):
        return f"in force from {pack.effective_from:%-d %b %Y}"
    return ""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of controls with its own groups' titles above it."""

    id: str
    title: str
    above: str
    rows: Sequence[object]


def framework(request: WorkspaceRequest, framework: str) -> HttpResponse:
    """Show what a framework asks, group by group, and who is held to it."""
    packs = packs_of(request.actor, request.at)
    pack = pack_named(request.actor, framework, request.at)
    day = (request.at or request.now).date()
    held = [one for one in assignments_of(request.actor, request.at) if one.pack == pack.id]
    values = {
        "pack": pack,
        "kind": KINDS[pack.kind],
        "note": _note(pack, packs, day),
        "successor": successor_of(pack, packs),
        "predecessor": next((one for one in packs.values() if one.superseded_by == pack.id), None),
        "held": held,
        "sections": _sections(
            pack, [(one, [ask_words(ask) for ask in one.asks]) for one in pack.controls]
        ),
        "live": is_live(request) and not pack.why_not(day),
    }
    return render(request, "frameworks_web/framework.html", values)


def _sections(pack: Pack, rows: Sequence[tuple[Control, object]]) -> Sequence[Section]:
    """Return the rows by group, in the pack's order; those without a group come first."""
    titles = {group.id: group for group in pack.groups}
    found = []
    for group in ("", *titles):
        mine = [row for row in rows if row[0].group == group]
        if mine:
            known = titles.get(group)
            above = titles.get(known.parent) if known else None
            found.append(
                Section(group, known.title if known else "", above.title if above else "", mine)
            )
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A control as it stands, with what its records answer elsewhere; `slot` opens its forms."""

    slot: str
    one: ControlStanding
    asks: Sequence[str]
    records: Sequence[tuple[int, Answered | None]]


def standing(request: WorkspaceRequest, framework: str, scope: str, held: str) -> HttpResponse:
    """Say how a framework stands for what is held to it, control by control, with its reasons."""
    at = request.at or request.now
    place = scope_named(request.actor, scope, held, request.at)
    found, answered = held_standing(request.actor, framework, place, at, request.at)
    verdict, group = request.GET.get("verdict", ""), request.GET.get("group", "")
    rows = [
        (one.control, _row(number, one, answered))
        for number, one in enumerate(found.controls)
        if verdict in ("", one.verdict) and _is_in(found.pack, one.control, group)
    ]
    values = {
        "found": found,
        "pack": found.pack,
        "place": place,
        "sections": _sections(found.pack, rows),
        "verdicts": sorted({(str(one.verdict), _word(one)) for one in found.controls}),
        "owner": names_of(request.actor).get(found.assignment.owner, found.assignment.owner),
        "asked": {"verdict": verdict, "group": group},
        "shown": len(rows),
        "widest": _widest(answered),
        "live": is_live(request),
    }
    return render(request, "frameworks_web/standing.html", values)


def _word(one: ControlStanding) -> str:
    return str(one.verdict).replace("_", " ").capitalize()


def _row(number: int, one: ControlStanding, answered: Mapping[int, Answered]) -> Row:
    records = [(record, answered.get(record)) for record in one.assessment.records]
    return Row(f"control-{number}", one, [ask_words(ask) for ask in one.control.asks], records)


def _is_in(pack: Pack, control: Control, group: str) -> bool:
    parents = {one.id: one.parent for one in pack.groups}
    return group in ("", control.group, parents.get(control.group))


def _widest(answered: Mapping[int, Answered]) -> Answered | None:
    """Return the record that answers most controls, where it answers several."""
    found = max(answered.values(), key=lambda one: (len(one.controls), -one.record), default=None)
    return found if found is not None and len(found.controls) > 1 else None


def differences(request: WorkspaceRequest) -> HttpResponse:
    """Show what changed between two packs, and who is held to either."""
    packs = packs_of(request.actor, request.at)
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    values: dict[str, object] = {"packs": packs.values(), "old": old, "new": new}
    if old and new:
        before = pack_named(request.actor, old, request.at)
        after = pack_named(request.actor, new, request.at)
        touched = [
            one
            for one in assignments_of(request.actor, request.at)
            if one.pack in (before.id, after.id)
        ]
        values |= {"found": difference(before, after), "touched": touched}
    return render(request, "frameworks_web/differences.html", values)
