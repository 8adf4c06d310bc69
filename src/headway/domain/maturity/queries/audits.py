"""What audits of repositories found, as known at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import ThingRecord, records_of_kinds
from headway.domain.maturity.rules.audits import RepositoryAudit, checks_of
from headway.errors import NotFound

_SUBJECT = "repository:"
#: Audits of one repository that its page lists.
_MOST = 30


@dataclass(frozen=True, slots=True)
class PastAudit:
    """An earlier audit: when, of which commit, how many checks were bad, open and met."""

    record: int
    observed_at: datetime
    commit: str
    bad: int
    open: int
    met: int


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A repository: its newest audit, and the ones before, newest first."""

    audit: RepositoryAudit
    past: Sequence[PastAudit]


def repository_audits(actor: Actor, at: datetime | None = None) -> Sequence[RepositoryAudit]:
    """Return the newest audit of each repository known at `at`, the worst first; one query."""
    require(actor, Permission.VIEW)
    told: dict[str, list[ThingRecord]] = {}
    for record in records_of_kinds(actor, ["audit"], at, most_each=2):
        if record.subject.startswith(_SUBJECT):
            told.setdefault(record.name, []).append(record)
    found = [_audit(records) for records in told.values()]
    return sorted(found, key=lambda one: (-len(one.bad), -len(one.open), one.name))


def repository_audit(actor: Actor, name: str, at: datetime | None = None) -> AuditPage:
    """Return a repository with its audits. Raises NotFound when none is known at `at`."""
    require(actor, Permission.VIEW)
    told = records_of_kinds(actor, ["audit"], at, names=[name], most_each=_MOST)
    records = [record for record in told if record.subject.startswith(_SUBJECT)]
    if not records:
        sentence = f"No audit of a repository {name!r} is known."
        raise NotFound(sentence)
    past = [_past(_audit([record])) for record in reversed(records)]
    return AuditPage(_audit(records), past)


def _audit(records: Sequence[ThingRecord]) -> RepositoryAudit:
    """Return the last of these records, held against the one before it."""
    last = records[-1]
    before = records[-2].payload if len(records) > 1 else None
    return RepositoryAudit(
        name=last.name,
        record=last.record,
        project=last.home,
        commit=last.payload.get("commit") or "",
        observed_at=last.observed_at,
        ml_test_score=last.payload.get("ml_test_score"),
        checks=checks_of(last.payload, before),
    )


def _past(audit: RepositoryAudit) -> PastAudit:
    return PastAudit(
        audit.record,
        audit.observed_at,
        audit.commit,
        len(audit.bad),
        len(audit.open),
        len(audit.met),
    )
