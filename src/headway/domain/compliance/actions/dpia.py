"""The impact assessment is written part by part, and approved by privacy on what it then says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Function, Permission, require
from headway.domain.compliance.actions.homes import home_of
from headway.domain.compliance.actions.law import keep_answer
from headway.domain.compliance.queries.dpia import (
    BASIS,
    REQUIREMENT,
    DpiaPage,
    authors_of,
    dpia_page,
)
from headway.domain.compliance.queries.law import DPIA_DOCUMENT
from headway.domain.compliance.rules.dpia import (
    CONSULTED,
    RESIDUAL,
    RESIDUAL_RISK,
    document_digest,
)
from headway.domain.compliance.rules.inputs import LONGEST_PART
from headway.domain.compliance.rules.law import gdpr
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.rules.fields import Reader, choice, clean, text
from headway.errors import Conflict, Invalid, Refused
from headway.observation import Observation, SubjectRef

#: What may be written: the parts, how large the risk is that is left, and the consultation.
DOCUMENT_FIELDS: Mapping[str, Reader] = {
    **{part.id: text(LONGEST_PART) for part in gdpr().parts},
    RESIDUAL_RISK: choice("", *RESIDUAL),
    CONSULTED: text(2_000),
}

DECISIONS = ("approved", "conditions", "refused")


@transaction.atomic
def write_dpia(actor: Actor, slug: str, values: Mapping[str, object], at: datetime) -> DpiaPage:
    """Write parts of a system's impact assessment; each keeps its author and its former words."""
    require(actor, Permission.EVIDENCE)
    written = dpia_page(actor, slug).parts
    for part, words in clean(values, DOCUMENT_FIELDS).items():
        if words or part in written:
            keep_answer(actor, slug, (DPIA_DOCUMENT, part), {"value": words}, at)
    return dpia_page(actor, slug)


@transaction.atomic
def answer_dpia(
    actor: Actor,
    slug: str,
    decision: str,
    statement: str,
    at: datetime,
    *,
    seen_digest: str = "",
) -> DpiaPage:
    """Approve or refuse an impact assessment for privacy; what was seen goes on record.

    Raises Refused for whoever does not answer for privacy or wrote a part of it, Conflict when it
    is not whole, or no longer what `seen_digest` says was read.
    """
    require(actor, Permission.DECIDE)
    taken, page = str(choice(*DECISIONS)("decision", decision)), dpia_page(actor, slug)
    said = str(text(5_000)("statement", statement))
    _check_approver(actor, page, taken)
    if taken != "approved" and not said:
        sentence = "Write what is missing: whoever wrote it has to know."
        raise Invalid(sentence)
    found = document_digest(page.document)
    if seen_digest and seen_digest != found:
        sentence = "It was changed since you read it; read it again."
        raise Conflict(sentence)
    keep_answer(actor, slug, (BASIS, "approved"), {"value": dict(page.basis)}, at)
    payload = {
        "function": Function.PRIVACY.value,
        "decision": taken,
        "statement": said,
        "by_ref": str(actor.member_id or ""),
        "requirement": REQUIREMENT,
        "seen_digest": found,
    }
    observation = Observation(
        SubjectRef("system", slug), "approval", "headway", at, payload, project=home_of(page.system)
    )
    record_evidence(headway_actor(actor.workspace_id), [observation], at, may_lack_project=True)
    return dpia_page(actor, slug)


def _check_approver(actor: Actor, page: DpiaPage, decision: str) -> None:
    if Function.PRIVACY not in actor.functions:
        sentence = "Only somebody who answers for privacy may approve an impact assessment."
        raise Refused(sentence)
    if actor.label[:200] in authors_of(actor, page.system):
        sentence = "You wrote a part of it; somebody else who answers for privacy approves it."
        raise Refused(sentence)
    if decision == "approved" and page.state.missing:
        raise Conflict(page.state.sentence)
    if decision == "approved" and page.document.get(RESIDUAL_RISK, "") not in RESIDUAL:
        sentence = "It does not say how large the risk is that is left; it is not whole yet."
        raise Conflict(sentence)
