"""The packs that a workspace knows: those that Headway ships, and its own policies by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import Policy, PolicyVersion
from headway.domain.compliance.rules.assigning import PolicyFacts, PolicyVersionFacts
from headway.domain.compliance.rules.packs import Control, Given, Pack, read_pack, shipped_packs
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound


def policy_pack_id(key: str, number: int) -> str:
    """Return the id of the pack that a version of a policy is."""
    return f"{key}-v{number}"


def packs_of(actor: Actor, at: datetime | None = None) -> Mapping[str, Pack]:
    """Return every pack that the workspace knows by id: the shipped ones, then its policies."""
    require(actor, Permission.VIEW)
    return {**shipped_packs(), **{pack.id: pack for pack in _policies(actor, at)}}


def pack_named(actor: Actor, pack: str, at: datetime | None = None) -> Pack:
    """Return the pack of this id. Raises NotFound, with the nearest id there is."""
    known = packs_of(actor, at)
    if pack not in known:
        sentence = f"There is no framework '{pack[:80]}' here{meant(pack, known) or '.'}"
        raise NotFound(sentence)
    return known[pack]


def control_named(pack: Pack, control: str) -> Control:
    """Return the control of this id. Raises NotFound where the pack has none."""
    if control in pack.by_id:
        return pack.by_id[control]
    sentence = f"{pack.title} ({pack.version}) has no control '{control[:60]}'."
    raise NotFound(sentence)


def successor_of(pack: Pack, packs: Mapping[str, Pack]) -> Pack | None:
    """Return the pack that replaced this one."""
    return packs.get(pack.superseded_by)


def newest_of(pack: Pack, packs: Mapping[str, Pack]) -> Pack:
    """Return the last of the packs that replaced this one, one after the other."""
    seen = {pack.id}
    while (later := successor_of(pack, packs)) is not None and later.id not in seen:
        seen.add(later.id)
        pack = later
    return pack


def policies_of(actor: Actor, at: datetime | None = None) -> Sequence[PolicyFacts]:
    """Return the workspace's policies by title, each with the number of its newest version."""
    require(actor, Permission.VIEW)
    newest: dict[str, int] = {}
    for one in policy_versions(actor, at):
        newest[one.key] = one.number
    rows = rows_at(Policy, at, workspace_id=actor.workspace_id)
    found = [facts(PolicyFacts, row, newest=newest.get(row.key, 0)) for row in rows]
    return sorted(found, key=lambda one: (one.title, one.key))


def policy_named(actor: Actor, key: str, at: datetime | None = None) -> PolicyFacts:
    """Return the policy with this key. Raises NotFound, with the nearest key there is."""
    known = {one.key: one for one in policies_of(actor, at)}
    if key not in known:
        sentence = f"There is no policy '{key[:60]}' here{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def policy_versions(
    actor: Actor, at: datetime | None = None, *, key: str = ""
) -> Sequence[PolicyVersionFacts]:
    """Return the versions of the workspace's policies (or of one), by key, the oldest first."""
    require(actor, Permission.VIEW)
    rows = PolicyVersion.objects.filter(workspace_id=actor.workspace_id).select_related("policy")
    if at is not None:
        rows = rows.filter(at__lte=at)
    if key:
        rows = rows.filter(policy__key=key)
    return [
        facts(
            PolicyVersionFacts,
            row,
            key=row.policy.key,
            pack=policy_pack_id(row.policy.key, row.number),
        )
        for row in rows.order_by("policy__key", "number")
    ]


def _policies(actor: Actor, at: datetime | None) -> Sequence[Pack]:
    """Return the versions as packs: each holds until the next one does."""
    versions = policy_versions(actor, at)
    found = []
    for place, one in enumerate(versions):
        later = versions[place + 1] if place + 1 < len(versions) else None
        follows = later if later is not None and later.key == one.key else None
        found.append(
            _read(
                one.text,
                one.pack,
                str(one.number),
                one.effective_from,
                follows.effective_from if follows else None,
                follows.pack if follows else "",
            )
        )
    return found


@lru_cache(maxsize=256)
def _read(  # noqa: PLR0913 - what a version holds, hashable, so that it is read once
    text: str, pack_id: str, version: str, start: date, until: date | None, successor: str
) -> Pack:
    given = Given(version, start, until, successor)
    return replace(read_pack(text.encode(), pack_id, given), id=pack_id)
