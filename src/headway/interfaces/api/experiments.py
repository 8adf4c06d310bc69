"""Online experiments: the plan, its lock, its amendments, the looks, the decision; retraining."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.checks.actions import (
    accept_retraining,
    amend_trial,
    decide_trial,
    dismiss_retraining,
    lock_trial,
    reopen_retraining,
    set_trial,
)
from headway.domain.checks.queries import (
    TrialPage,
    monitor_named,
    proposal_named,
    retraining_proposals,
    trial_of,
    trial_page,
)
from headway.domain.checks.rules import ProposalFacts, TrialFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Monitors"])

_TRIAL = "/monitors/{key}/trial"
_PROPOSAL = "/retraining-proposals/{key}"


class TrialBody(Given):
    """A question and the plan that answers it, with the keys of a trial plan's file."""

    question: str
    plan: dict[str, Any]


class AmendBody(Given):
    """What of a locked plan changes, and why."""

    changes: dict[str, Any]
    reason: str


class DecideBody(Given):
    """What is decided of an experiment; the reason where the readout says otherwise."""

    decision: Literal["ship", "stop", "ship to some", "run again"]
    reason: str = ""


class NothingBody(Given):
    """Nothing is asked besides the address."""


class WorkBody(Given):
    """What of the proposed work is different, and a word to it."""

    key: str | None = None
    name: str | None = None
    estimate: list[float] | None = None
    needs: dict[str, float] | None = None
    after: list[str] | None = None
    before: list[str] | None = None
    reason: str = ""


class DismissBody(Given):
    """Why the model is not trained anew."""

    reason: str


@operation(router, "GET", _TRIAL, Permission.VIEW, TrialFacts)
def read_trial(request: ApiRequest, key: str, asked: Query[At]) -> TrialFacts:
    """Read the plan of an online experiment, its amendments and what was decided."""
    moment = asked.moment(request)
    return trial_of(request.auth, monitor_named(request.auth, key, moment), moment)


@operation(router, "PUT", _TRIAL, Permission.EVIDENCE, TrialFacts)
def put_trial(request: ApiRequest, key: str, body: TrialBody) -> TrialFacts:
    """Write the plan of an experiment, or change it while it is a draft."""
    actor, at = request.auth, request.now

    def write(version: int | None) -> TrialFacts:
        return set_trial(actor, key, body.question, body.plan, at, version=version)

    monitor = monitor_named(actor, key)
    return edit_or_create(request, lambda: trial_of(actor, monitor), write)


@operation(router, "GET", _TRIAL + "/looks", Permission.VIEW, TrialPage)
def read_looks(request: ApiRequest, key: str, asked: Query[At]) -> TrialPage:
    """Read an experiment with its looks, and each metric's interval over them."""
    return trial_page(request.auth, key, asked.moment(request))


@operation(router, "POST", _TRIAL + "/lock", Permission.EVIDENCE, TrialFacts)
def lock(request: ApiRequest, key: str, body: NothingBody) -> TrialFacts:
    """Lock the plan before the first look; it goes on record with its digest."""
    return lock_trial(request.auth, key, request.now)


@operation(router, "POST", _TRIAL + "/amend", Permission.EVIDENCE, TrialFacts)
def amend(request: ApiRequest, key: str, body: AmendBody) -> TrialFacts:
    """Change a locked plan, with a reason; how many looks had been taken is kept."""
    return amend_trial(request.auth, key, body.changes, body.reason, request.now)


@operation(router, "POST", _TRIAL + "/decide", Permission.DECIDE, TrialFacts)
def decide(request: ApiRequest, key: str, body: DecideBody) -> TrialFacts:
    """Decide an experiment on its last look; who and what was seen is kept."""
    return decide_trial(request.auth, key, body.decision, body.reason, request.now)


@operation(router, "GET", "/retraining-proposals", Permission.VIEW, Page[ProposalFacts])
def list_proposals(request: ApiRequest, asked: Query[AskedAt]) -> Page[ProposalFacts]:
    """List the proposals to train a model anew, settled ones too, by key."""
    rows = retraining_proposals(request.auth, asked.moment(request))
    return page_of(sorted(rows, key=lambda row: row.key), lambda row: row.key, asked)


@operation(router, "GET", _PROPOSAL, Permission.VIEW, ProposalFacts)
def read_proposal(request: ApiRequest, key: str, asked: Query[At]) -> ProposalFacts:
    """Read a proposal: what it rests on, the work it would be, what became of it."""
    return proposal_named(request.auth, key, asked.moment(request))


@operation(router, "POST", _PROPOSAL + "/accept", Permission.PLAN, ProposalFacts)
def accept_proposal(request: ApiRequest, key: str, body: WorkBody) -> ProposalFacts:
    """Take a proposal into the plan, with what is different from it; then ask for a forecast."""
    values = body.given()
    reason = str(values.pop("reason", ""))
    return accept_retraining(request.auth, key, values, request.now, reason=reason)


@operation(router, "POST", _PROPOSAL + "/dismiss", Permission.PLAN, ProposalFacts)
def dismiss(request: ApiRequest, key: str, body: DismissBody) -> ProposalFacts:
    """Answer a proposal with no, and why."""
    return dismiss_retraining(request.auth, key, body.reason, request.now)


@operation(router, "POST", _PROPOSAL + "/reopen", Permission.PLAN, ProposalFacts)
def reopen_proposal(request: ApiRequest, key: str, body: NothingBody) -> ProposalFacts:
    """Let a dismissed proposal wait again."""
    return reopen_retraining(request.auth, key, request.now)
