"""Telling the ledger how policies stand: a check of the compliance of each project.

Health lies below this app and reads checks: a policy that fails shows there by evidence, as any
other check does, and not by a call upwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.queries.standing import (
    PackStanding,
    pack_standings,
    projects_by_scope,
)
from headway.domain.compliance.rules.packs import PackKind
from headway.domain.compliance.rules.tally import Tally
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.queries.newest import newest_records
from headway.observation import Observation, SubjectRef

SOURCE = "headway policies"

#: What stands is told again after so long, well before its check grows stale.
AGAIN = timedelta(days=14)


def tell_policies(actor: Actor, at: datetime) -> int:
    """Record how each policy stands for each project held to it, where that is news.

    Returns how many were recorded. A policy with an unmet control has failed; missing and stale are
    no evidence either way. Laws and standards are not told: whoever prepares for one early would be
    red for a year.
    """
    require(actor, Permission.EVIDENCE)
    held = [
        one
        for one in pack_standings(actor, at)
        if one.pack.kind is PackKind.POLICY and one.pack.in_force(at.date())
    ]
    homes = projects_by_scope(actor, [one.assignment.scope for one in held])
    told = [
        _check(one, project.slug, at) for one in held for project in homes[one.assignment.scope]
    ]
    if not told:
        return 0
    ids = {project.id for projects in homes.values() for project in projects}
    known = {
        (one.subject, one.payload["check"]): (one.payload, one.observed_at)
        for one in newest_records(actor, ids, kinds=("check",))
    }
    fresh = [one for one in told if _is_news(one, known)]
    return record_evidence(actor, fresh, at).recorded if fresh else 0


def _check(one: PackStanding, project: str, at: datetime) -> Observation:
    scope, policy = one.assignment.scope, one.pack.id.rpartition("-v")[0]
    standing, passed = _verdict(one.tally)
    payload = {
        "check": f"policy {policy} of {scope.name}",
        "dimension": "compliance",
        "passed": passed,
        "standing": standing,
        "rule": one.pack.id,
        "sentence": one.tally.sentence,
    }
    return Observation(
        SubjectRef("project", project), "check", SOURCE, at, payload, project=project
    )


def _verdict(found: Tally) -> tuple[str, bool | None]:
    """Return how a policy stands as a whole, and whether its check passed."""
    if found.unmet:
        return "unmet", False
    if found.applicable and found.met == found.applicable:
        return "met", True
    return "insufficient", None


def _is_news(
    seen: Observation,
    known: Mapping[tuple[str, object], tuple[Mapping[str, object], datetime]],
) -> bool:
    """Say whether a check differs from the last one of its name, or that one is old."""
    last = known.get((str(seen.subject), seen.payload["check"]))
    if last is None or seen.observed_at - last[1] >= AGAIN:
        return True
    return any(last[0].get(key) != value for key, value in seen.payload.items())
