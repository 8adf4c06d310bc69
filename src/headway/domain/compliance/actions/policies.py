"""Writing a policy: each version whole, in the form of a pack file, never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import Policy, PolicyVersion
from headway.domain.compliance.queries.packs import policy_named, policy_versions
from headway.domain.compliance.rules.assigning import PolicyDraft, PolicyVersionFacts
from headway.domain.compliance.rules.packs import Given, read_pack, shipped_packs
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.rules.fields import text
from headway.errors import Conflict, Invalid
from headway.observation import digest

#: More than any policy needs; a file that people read.
MOST_BYTES = 200_000

_REASON, _OWNER = text(2_000), text(200)


@transaction.atomic
def add_policy_version(
    actor: Actor, key: str, draft: PolicyDraft, at: datetime
) -> PolicyVersionFacts:
    """Write the next version of the policy `key`; "" makes a new policy, named by its file.

    It holds from its day on, when the version before it ends. Raises Invalid with every
    fault of the file by line; Conflict when nothing changed, or its day is not after the last.
    """
    require(actor, Permission.PROGRAM)
    if key:
        policy_named(actor, key)
    written, start = draft.text.replace("\r\n", "\n"), draft.effective_from
    if len(written.encode()) > MOST_BYTES:
        sentence = f"The policy is longer than {MOST_BYTES:,} bytes; shorten it."
        raise Invalid(sentence)
    pack = read_pack(written.encode(), "the policy", Given("1", start))
    if len(pack.id) > 50 or "." in pack.id:
        sentence = f"`pack` is {pack.id!r}; a policy's is at most 50 letters, digits and dashes."
        raise Invalid(sentence)
    if key and pack.id != key:
        sentence = f"`pack` is {pack.id!r}; a version of this policy says {key!r}."
        raise Invalid(sentence)
    row = _policy(actor, key, pack.id, pack.title, at)
    earlier = policy_versions(actor, key=row.key)
    _check_order(earlier, written, start)
    changes = {
        "title": pack.title,
        **({"owner": _OWNER("owner", draft.owner)} if draft.owner else {}),
    }
    change_row(actor, row, changes, at, "change_policy")
    version = PolicyVersion(
        workspace_id=actor.workspace_id,
        policy=row,
        number=len(earlier) + 1,
        text=written,
        digest=digest(written),
        effective_from=start,
        author=actor.label,
        reason=str(_REASON("reason", draft.reason)),
        at=at,
    )
    _store(actor, version, at)
    return policy_versions(actor, key=row.key)[-1]


def _policy(actor: Actor, key: str, named: str, title: str, at: datetime) -> Policy:
    """Return the locked policy, made where `key` is empty."""
    if key:
        return Policy.objects.select_for_update().get(workspace_id=actor.workspace_id, key=key)
    if named in shipped_packs():
        sentence = f"'{named}' is a framework that Headway ships; choose another name."
        raise Conflict(sentence)
    row = Policy(workspace_id=actor.workspace_id, key=named, title=title)
    return add_row(actor, row, at, "add_policy")


def _check_order(
    earlier: Sequence[PolicyVersionFacts],
    written: str,
    effective_from: date,
) -> None:
    if not earlier:
        return
    last = earlier[-1]
    if last.digest == digest(written):
        sentence = f"Version {last.number} says the same already; nothing was stored."
        raise Conflict(sentence)
    if effective_from <= last.effective_from:
        sentence = (
            f"Version {last.number} holds from {last.effective_from}; the next one has to begin "
            "on a later day."
        )
        raise Conflict(sentence)


def _store(actor: Actor, version: PolicyVersion, at: datetime) -> None:
    version.save(force_insert=True)
    write_audit(
        actor,
        "add_policy_version",
        str(version),
        at,
        digest=version.digest,
        effective_from=version.effective_from.isoformat(),
    )
