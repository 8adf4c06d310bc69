"""The radar: risks that plan and evidence suggest, to be accepted or dismissed with a reason."""

from __future__ import annotations

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.radar.actions import accept_proposal, ask_proposal_again, dismiss_proposal
from headway.domain.radar.queries import radar_of
from headway.domain.radar.rules import RadarLine
from headway.domain.risks.rules import RiskFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, Page, page_of

router = Router(tags=["RAID"])

_PLAN = Permission.PLAN
_RADAR = "/programs/{slug}/radar"


class AcceptBody(Given):
    """Which proposal (`rule:subject`) becomes a risk; the rest replaces what it suggests."""

    proposal: str
    name: str | None = None
    probability: float | None = None
    owner: str | None = None


class DismissBody(Given):
    """Which proposal is no risk, and why."""

    proposal: str
    reason: str


class AskAgainBody(Given):
    """Which proposal is to be asked again."""

    proposal: str


@operation(router, "GET", _RADAR, Permission.VIEW, Page[RadarLine])
def list_radar_proposals(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[RadarLine]:
    """List what the radar proposes for a program, answered proposals too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    found = radar_of(request.auth, program, moment or request.now, known_at=moment)
    rows = sorted(found, key=lambda row: row.proposal.key)
    return page_of(rows, lambda row: row.proposal.key, asked)


@operation(router, "POST", _RADAR + "/accept", _PLAN, RiskFacts)
def take_proposal(request: ApiRequest, slug: str, body: AcceptBody) -> RiskFacts:
    """Make a risk of a proposal, with its items; ask for a new forecast afterwards."""
    values = body.given()
    key = str(values.pop("proposal"))
    return accept_proposal(request.auth, slug, key, request.now, values)


@operation(router, "POST", _RADAR + "/dismiss", _PLAN, None, 204)
def drop_proposal(request: ApiRequest, slug: str, body: DismissBody) -> None:
    """Say that a proposal is no risk; it is quiet until its facts change."""
    dismiss_proposal(request.auth, slug, body.proposal, body.reason, request.now)


@operation(router, "POST", _RADAR + "/ask-again", _PLAN, None, 204)
def proposal_again(request: ApiRequest, slug: str, body: AskAgainBody) -> None:
    """Take the answer to a proposal back."""
    ask_proposal_again(request.auth, slug, body.proposal, request.now)
