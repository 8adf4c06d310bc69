"""Frameworks: what there is, what is held to them, how each control stands, and answering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.compliance.actions.frameworks import (
    assign_pack,
    attest_control,
    end_assignment,
    set_applicability,
)
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.queries.packs import (
    pack_named,
    packs_of,
    policy_named,
    policy_versions,
)
from headway.domain.compliance.queries.standing import (
    PackStanding,
    assignment_with,
    pack_standing,
    pack_standings,
)
from headway.domain.compliance.rules.assigning import PolicyDraft, PolicyVersionFacts
from headway.domain.compliance.rules.controls import ControlStanding
from headway.domain.compliance.rules.packs import Pack, ask_words
from headway.domain.compliance.rules.tally import Tally
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Frameworks"])

_VIEW, _MANAGE, _DECIDE = Permission.VIEW, Permission.PROGRAM, Permission.DECIDE
_ONE = "/framework-assignments/{uuid:assignment_id}"
_CONTROL = _ONE + "/controls/{control}"


@dataclass(frozen=True, slots=True)
class ControlTold:
    """What a control asks; `evidence` in words, all of it; `attested`: a person answers as well."""

    id: str
    title: str
    group: str
    articles: Sequence[str]
    evidence: Sequence[str]
    attested: bool
    effective_from: date
    verified: bool


@dataclass(frozen=True, slots=True)
class FrameworkTold:
    """A framework; `controls` are left out of lists."""

    id: str
    title: str
    version: str
    kind: str
    source: str
    licence: str
    effective_from: date
    effective_until: date | None
    superseded_by: str | None
    verified: bool
    count: int
    controls: Sequence[ControlTold] | None = None


@dataclass(frozen=True, slots=True)
class StandingTold:
    """How a control stands, why, on which records; what was said of whether it applies."""

    control: str
    title: str
    verdict: str
    basis: str
    sentence: str
    records: Sequence[int]
    way: str
    reason: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class HeldTold:
    """What is held to a framework, and how it stands; `controls` are left out of lists."""

    id: UUID
    framework: str
    scope: str
    held: str
    owner: str
    assigned_by: str
    assigned_at: datetime
    superseded_by: str | None
    sentence: str
    tally: Tally
    controls: Sequence[StandingTold] | None = None


class AssignedBody(Given):
    """What is held to which framework; `owner` sees to it that it is answered."""

    framework: str
    scope: Literal["system", "program", "workspace"]
    held: str
    owner: str = Field("", max_length=200)


class EndedBody(Given):
    """Nothing is asked to end an assignment."""


class AppliesBody(Given):
    """Whether a control applies, and how it is answered; all but "as_asked" need a reason."""

    way: Literal["as_asked", "by_attestation", "not_applicable"]
    reason: str = Field("", max_length=2_000)


class AttestedBody(Given):
    """A person's answer for a control; "met" needs an https link and a day."""

    answer: Literal["met", "partly", "unmet"]
    role: str = Field(max_length=100)
    statement: str = Field("", max_length=2_000)
    link: str = Field("", max_length=300)
    done_on: date | None = None


class PolicyBody(Given):
    """A version of a policy: its file as text, and the day from which it holds."""

    text: str = Field(max_length=200_000)
    effective_from: date
    reason: str = Field("", max_length=2_000)
    owner: str = Field("", max_length=200)


@dataclass(frozen=True, slots=True)
class AttestedTold:
    """The number of the record that holds the answer."""

    record: int


@operation(router, "GET", "/frameworks", _VIEW, Page[FrameworkTold])
def list_frameworks(request: ApiRequest, asked: Query[AskedAt]) -> Page[FrameworkTold]:
    """List every framework that the workspace knows: those shipped, and its own policies."""
    packs = packs_of(request.auth, asked.moment(request))
    rows = sorted((_framework(pack) for pack in packs.values()), key=lambda row: row.id)
    return page_of(rows, lambda row: row.id, asked)


@operation(router, "GET", "/frameworks/{framework}", _VIEW, FrameworkTold)
def read_framework(request: ApiRequest, framework: str, asked: Query[At]) -> FrameworkTold:
    """Read a framework with its controls, in our own words."""
    return _framework(pack_named(request.auth, framework, asked.moment(request)), whole=True)


@operation(router, "GET", "/framework-assignments", _VIEW, Page[HeldTold])
def list_framework_assignments(request: ApiRequest, asked: Query[AskedAt]) -> Page[HeldTold]:
    """List what is held to which framework, and how it stands."""
    moment = asked.moment(request)
    found = pack_standings(request.auth, moment or request.now, moment)
    rows = sorted((_held(one) for one in found), key=_place)
    return page_of(rows, _place, asked)


@operation(router, "POST", "/framework-assignments", _MANAGE, HeldTold, 201)
def assign_framework(request: ApiRequest, body: AssignedBody) -> HeldTold:
    """Hold a system, a program or the workspace to a framework that is in force."""
    place = (body.framework, body.scope, body.held)
    made = assign_pack(request.auth, place, request.now, owner=body.owner)
    return _read(request, made.id)


@operation(router, "GET", _ONE, _VIEW, HeldTold)
def read_framework_assignment(
    request: ApiRequest, assignment_id: UUID, asked: Query[At]
) -> HeldTold:
    """Read how a framework stands for what is held to it, control by control."""
    return _read(request, assignment_id, asked.moment(request))


@operation(router, "POST", _ONE + "/end", _MANAGE, None, 204)
def end_framework_assignment(request: ApiRequest, assignment_id: UUID, body: EndedBody) -> None:
    """Hold it to the framework no longer; its answers stay."""
    end_assignment(request.auth, _place_of(request, assignment_id), request.now)


@operation(router, "POST", _CONTROL + "/applicability", _DECIDE, StandingTold)
def set_control_applicability(
    request: ApiRequest, assignment_id: UUID, control: str, body: AppliesBody
) -> StandingTold:
    """Say whether a control applies and how it is answered."""
    values = {"way": body.way, "reason": body.reason}
    place = _place_of(request, assignment_id)
    set_applicability(request.auth, place, control, values, request.now)
    found = _read(request, assignment_id)
    return next(one for one in found.controls or () if one.control == control)


@operation(router, "POST", _CONTROL + "/attestations", _DECIDE, AttestedTold, 201)
def attest_to_control(
    request: ApiRequest, assignment_id: UUID, control: str, body: AttestedBody
) -> AttestedTold:
    """Answer for a control in person: the answer becomes a record of the ledger."""
    place, values = _place_of(request, assignment_id), body.model_dump()
    return AttestedTold(attest_control(request.auth, place, control, values, request.now))


@operation(router, "GET", "/policies/{policy}/versions", _VIEW, Page[PolicyVersionFacts])
def list_policy_versions(
    request: ApiRequest, policy: str, asked: Query[AskedAt]
) -> Page[PolicyVersionFacts]:
    """List the versions of a policy as they were written, the oldest first."""
    moment = asked.moment(request)
    key = policy_named(request.auth, policy, moment).key
    rows = policy_versions(request.auth, moment, key=key)
    return page_of(rows, lambda row: f"{row.number:09}", asked)


@operation(router, "POST", "/policies", _MANAGE, PolicyVersionFacts, 201)
def add_policy(request: ApiRequest, body: PolicyBody) -> PolicyVersionFacts:
    """Write a new policy; its file names it."""
    return _write(request, "", body)


@operation(router, "POST", "/policies/{policy}/versions", _MANAGE, PolicyVersionFacts, 201)
def add_version_of_policy(request: ApiRequest, policy: str, body: PolicyBody) -> PolicyVersionFacts:
    """Write the next version of a policy; those before it stay as they are."""
    return _write(request, policy, body)


def _write(request: ApiRequest, policy: str, body: PolicyBody) -> PolicyVersionFacts:
    draft = PolicyDraft(body.text, body.effective_from, body.reason, body.owner)
    return add_policy_version(request.auth, policy, draft, request.now)


def _framework(pack: Pack, *, whole: bool = False) -> FrameworkTold:
    return FrameworkTold(
        pack.id,
        pack.title,
        pack.version,
        str(pack.kind),
        pack.source,
        str(pack.licence),
        pack.effective_from,
        pack.effective_until,
        pack.superseded_by or None,
        not pack.verify,
        len(pack.controls),
        [
            ControlTold(
                one.id,
                one.title,
                one.group,
                one.articles,
                [ask_words(ask) for ask in one.asks],
                one.attest,
                one.effective_from,
                not one.verify,
            )
            for one in pack.controls
        ]
        if whole
        else None,
    )


def _held(found: PackStanding, *, whole: bool = False) -> HeldTold:
    one = found.assignment
    return HeldTold(
        one.id,
        one.pack,
        one.scope.kind,
        one.scope.slug,
        one.owner,
        one.assigned_by,
        one.assigned_at,
        found.newest.id if found.newest else None,
        found.tally.sentence,
        found.tally,
        [_standing(each) for each in found.controls] if whole else None,
    )


def _standing(one: ControlStanding) -> StandingTold:
    said = one.answer
    return StandingTold(
        one.control.id,
        one.control.title,
        str(one.verdict),
        one.basis,
        one.assessment.sentence,
        one.assessment.records,
        said.way if said else "as_asked",
        said.reason if said else "",
        said.author if said else "",
    )


def _place(row: HeldTold) -> str:
    return f"{row.framework}/{row.scope}/{row.held}"


def _read(request: ApiRequest, assignment_id: UUID, moment: datetime | None = None) -> HeldTold:
    one = assignment_with(request.auth, assignment_id, moment)
    at = moment or request.now
    found = pack_standing(request.auth, one.pack, one.scope, at, moment)
    return _held(found, whole=True)


def _place_of(request: ApiRequest, assignment_id: UUID) -> tuple[str, str, str]:
    one = assignment_with(request.auth, assignment_id)
    return (one.pack, one.scope.kind, one.scope.slug)
