"""Writes one row of the audit trail, inside the transaction of the change it tells of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from headway.domain.accounts.models import AuditEntry, AuditHead
from headway.domain.accounts.rules import Actor
from headway.domain.accounts.rules.chain import GENESIS, audit_text, seal


def write_audit(actor: Actor, action: str, thing: object, at: datetime, **detail: object) -> None:
    """Chain a row saying that `actor` did `action` to `thing` at `at`; no audit, no change.

    Must run inside the transaction of the change. `detail` is JSON-like: what changed, from what,
    to what; never a secret.
    """
    if not connection.in_atomic_block:
        sentence = f"The audit row for {action} must be written in the same transaction."
        raise transaction.TransactionManagementError(sentence)
    head = _locked_head(actor.workspace_id)
    who, what = actor.label[:200], str(thing)[:300]
    text = audit_text(head.sequence + 1, at, who, action, what, detail)
    sealed = seal(head.digest, text)
    AuditEntry.objects.create(
        workspace_id=actor.workspace_id,
        sequence=head.sequence + 1,
        at=at,
        actor=who,
        action=action,
        thing=what,
        text=text,
        previous=head.digest,
        digest=sealed,
    )
    head.sequence += 1
    head.digest = sealed
    head.save(update_fields=["sequence", "digest"])


def _locked_head(workspace_id: UUID) -> AuditHead:
    """Return the chain's head, locked so that two writers cannot take the same place."""
    AuditHead.objects.get_or_create(workspace_id=workspace_id, defaults={"digest": GENESIS})
    return AuditHead.objects.select_for_update().get(workspace_id=workspace_id)
