"""What one vendor is told: its own deliveries, promises and decisions, and nothing else.

A delivery concerns a vendor that owns the item, or that the item needs as a resource. A decision
concerns it only when it is the one who decides: what others weigh about it is not its business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import ProgramHealth
from headway.domain.plans.queries import decisions_of, joined_parts
from headway.domain.plans.rules import ItemFacts, JoinedParts
from headway.domain.programs.rules.fields import from_minor
from headway.domain.reports.queries.names import Names
from headway.domain.stakeholders.queries import promises_by_program
from headway.errors import NotFound
from headway.rendering.report.pack import Delivery, Promise, VendorFile


def vendor_file(
    actor: Actor, health: ProgramHealth, vendor: str, names: Names, known_at: datetime | None
) -> VendorFile:
    """Return the file of `vendor`, named by roster key, name or resource.

    Raises NotFound when nothing in the plan is of that name.
    """
    parts = joined_parts(actor, health.program, known_at)
    key = names.key_of(vendor)
    owned, needed = _owned(parts, key, vendor), _needed(parts, vendor)
    decisions = [
        (one.question, one.due)
        for one in decisions_of(actor, health.program, known_at)
        if one.is_open and _same(one.owner, key, vendor)
    ]
    promises = _promises(actor, health, (key, vendor, names.of_key(key)), known_at)
    if not owned and not needed and not decisions and not promises:
        sentence = (
            f"Nothing in {health.program.name} is of '{vendor[:80]}': no item that it owns or "
            "that needs it, no promise, no decision. Name a vendor as the owner of its items first."
        )
        raise NotFound(sentence)
    projects = {one.project.id: one.project.name for one in health.projects}
    answer = health.forecast.answer if health.forecast else {}
    return VendorFile(
        key=key,
        name=names.of_key(key),
        sender=names.of_key(health.program.manager),
        currency=health.program.currency,
        deliveries=tuple(
            _delivery(item, projects[item.project_id], parts, answer, is_owned=item.id in owned)
            for item in parts.items
            if item.id in owned or item.id in needed
        ),
        promises=promises,
        decisions=tuple(decisions),
    )


def _promises(
    actor: Actor, health: ProgramHealth, called: Sequence[str], known_at: datetime | None
) -> tuple[Promise, ...]:
    """Return what the vendor has promised to us, and what we have promised to it."""
    names = {name.casefold() for name in called}
    found = promises_by_program(actor, [health.program], known_at)[health.program.id]
    return tuple(
        Promise(
            what=f"{one.name} ({'from us' if one.is_ours else 'to us'})",
            by=one.promised,
            state=one.state if one.is_confirmed or not one.is_open else "not confirmed",
        )
        for one in found
        if one.party.casefold() in names
    )


def _same(text: str, key: str, vendor: str) -> bool:
    return bool(text) and text.casefold() in (key.casefold(), vendor.casefold())


def _owned(parts: JoinedParts, key: str, vendor: str) -> set[object]:
    return {item.id for item in parts.items if _same(item.owner, key, vendor)}


def _needed(parts: JoinedParts, vendor: str) -> set[object]:
    wanted = {one.id for one in parts.resources if one.name.casefold() == vendor.casefold()}
    return {need.item_id for need in parts.needs if need.resource_id in wanted}


def _delivery(
    item: ItemFacts, project: str, parts: JoinedParts, answer: object, *, is_owned: bool
) -> Delivery:
    state = "accepted" if item.finished else "under way" if item.started else "not begun"
    items = answer.get("items") if isinstance(answer, dict) else None
    row = items.get(f"{parts.slugs[item.project_id]}/{item.key}") if isinstance(items, dict) else {}
    expected = row.get("p50") if isinstance(row, dict) and not item.finished else None
    amount = from_minor(item.cost_minor, parts.currency)
    return Delivery(
        name=item.name,
        project=project,
        state=state,
        started=item.started,
        accepted=item.finished,
        due=item.deadline,
        expected=date.fromisoformat(expected) if isinstance(expected, str) else None,
        amount=amount if is_owned and amount else None,
    )
