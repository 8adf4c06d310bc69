"""Baselines: freezing a plan, and how far today's is from it."""

from __future__ import annotations

from datetime import datetime

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import (
    activate_baseline,
    put_back_baseline,
    set_aside_baseline,
    set_baseline,
)
from headway.domain.plans.queries import (
    baseline_bridge,
    baseline_named,
    baselines_of,
    variance_of,
)
from headway.domain.plans.rules import (
    BaselineFacts,
    OddsBridge,
    Variance,
    VarianceLine,
    VarianceTotals,
    VarianceView,
    totals,
    viewed,
)
from headway.domain.programs.queries import program_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Baselines"])


class BaselineBody(Given):
    """The name of the plan that was agreed, and why it counts."""

    name: str
    reason: str


class NothingBody(Given):
    """Nothing is asked to say which baseline counts."""


class LinesAsked(AskedAt):
    """Which lines of a variance."""

    project: str = ""
    status: str = ""


@operation(router, "GET", "/programs/{slug}/baselines", Permission.VIEW, Page[BaselineFacts])
def list_baselines(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[BaselineFacts]:
    """List the baselines of a program by key, without their items."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return page_of(baselines_of(request.auth, program, moment), lambda row: row.key, asked)


@operation(router, "POST", "/programs/{slug}/baselines", Permission.PROGRAM, BaselineFacts, 201)
@slow
def freeze_plan(request: ApiRequest, slug: str, body: BaselineBody) -> BaselineFacts:
    """Freeze the plan as it stands and make it the active baseline; those before are kept."""
    return set_baseline(request.auth, slug, body.given(), request.now)


@operation(router, "GET", "/programs/{slug}/baselines/{key}", Permission.VIEW, BaselineFacts)
def read_baseline(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> BaselineFacts:
    """Read a baseline with the days and the cost of each item."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return baseline_named(request.auth, program, key, moment)


def _variance(request: ApiRequest, slug: str, key: str, moment: datetime | None) -> Variance:
    program = program_named(request.auth, slug, moment)
    held = baseline_named(request.auth, program, key, moment)
    at = moment or request.now
    return variance_of(request.auth, program, held, at, live=moment is None)


@operation(
    router, "GET", "/programs/{slug}/baselines/{key}/variance", Permission.VIEW, VarianceTotals
)
def read_variance(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> VarianceTotals:
    """Say how far the plan is from a baseline: finish, P50, P80, money, items by status."""
    return totals(_variance(request, slug, key, asked.moment(request)))


@operation(
    router,
    "GET",
    "/programs/{slug}/baselines/{key}/variance-lines",
    Permission.VIEW,
    Page[VarianceLine],
)
def list_variance(
    request: ApiRequest, slug: str, key: str, asked: Query[LinesAsked]
) -> Page[VarianceLine]:
    """List every item of either plan against a baseline, by address; dropped ones too."""
    view = VarianceView.read(asked.project, asked.status)
    found = viewed(_variance(request, slug, key, asked.moment(request)), view)
    return page_of(found.lines, lambda line: line.item, asked)


@operation(router, "GET", "/programs/{slug}/baselines/{key}/bridge", Permission.VIEW, OddsBridge)
@slow
def read_baseline_bridge(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> OddsBridge:
    """Say what moved the P80 since a baseline, by cause, in days and money; it adds up."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    held = baseline_named(request.auth, program, key, moment)
    return baseline_bridge(request.auth, program, held, moment or request.now)


@operation(
    router, "POST", "/programs/{slug}/baselines/{key}/activate", Permission.PROGRAM, BaselineFacts
)
def choose_baseline(request: ApiRequest, slug: str, key: str, body: NothingBody) -> BaselineFacts:
    """Make a baseline the active one; exactly one is."""
    return activate_baseline(request.auth, (slug, key), request.now)


@operation(
    router, "POST", "/programs/{slug}/baselines/{key}/set-aside", Permission.PROGRAM, BaselineFacts
)
def shelve_baseline(request: ApiRequest, slug: str, key: str, body: NothingBody) -> BaselineFacts:
    """Set a baseline aside: it stays to be read and no longer counts towards the limit."""
    return set_aside_baseline(request.auth, (slug, key), request.now)


@operation(
    router, "POST", "/programs/{slug}/baselines/{key}/put-back", Permission.PROGRAM, BaselineFacts
)
def unshelve_baseline(request: ApiRequest, slug: str, key: str, body: NothingBody) -> BaselineFacts:
    """Take a baseline back that was set aside."""
    return put_back_baseline(request.auth, (slug, key), request.now)
