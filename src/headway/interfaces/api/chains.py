"""The chains of the audit trail and of the ledger, verified from end to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.queries import audit_break
from headway.domain.accounts.rules import Permission
from headway.domain.accounts.rules.chain import Break
from headway.domain.evidence.queries import chain_break
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.operations import operation

router = Router(tags=["Chains"])


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a chain holds; else the row at which it breaks, and why."""

    holds: bool
    sequence: int | None
    sentence: str


class Anchored(BaseModel):
    """A head of the ledger that was kept elsewhere: with it a chain written anew shows too."""

    anchor: Annotated[
        str,
        Field(
            pattern=r"^([0-9]{1,15}:[0-9A-Za-z]{1,128})?$",
            description="sequence:digest, as /evidence/head gave it.",
        ),
    ] = ""

    def place(self) -> tuple[int, str] | None:
        """Return its sequence and digest; None when there is none."""
        sequence, _, digest = self.anchor.partition(":")
        return (int(sequence), digest) if self.anchor else None


@operation(router, "GET", "/audit/verify", Permission.AUDIT, Verified)
def verify_audit(request: ApiRequest) -> Verified:
    """Verify the audit trail: no row was edited, removed, put in or moved."""
    return _said("audit trail", audit_break(request.auth))


@operation(router, "GET", "/evidence/verify", Permission.AUDIT, Verified)
def verify_evidence(request: ApiRequest, asked: Query[Anchored]) -> Verified:
    """Verify the ledger: every payload, every row, its head, and the anchor when one is given."""
    return _said("ledger", chain_break(request.auth, asked.place()))


def _said(chain: str, found: Break | None) -> Verified:
    if found is None:
        return Verified(True, None, f"The {chain} holds.")
    return Verified(False, found.sequence, found.sentence)
