"""Scenarios: what a plan might be, tried beside it, applied to it or thrown away."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import (
    accept_moves,
    apply_scenario,
    bring_back_scenario,
    scenario_from_option,
    set_scenario,
    throw_away_scenario,
    undo_scenario,
)
from headway.domain.plans.actions.scenarios import weigh_scenarios
from headway.domain.plans.queries import (
    Comparison,
    compare_scenarios,
    scenario_named,
    scenarios_of,
)
from headway.domain.plans.rules import ScenarioFacts
from headway.domain.programs.queries import program_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Scenarios"])

_ONE = "/programs/{slug}/scenarios/{key}"


class ScenarioBody(Given):
    """What of a scenario can be changed; a new one needs its name. `parent` stays what it was."""

    name: str | None = None
    words: str | None = None
    parent: str | None = None
    changes: Annotated[list[dict[str, Any]], Field(max_length=50)] | None = None


class OptionBody(Given):
    """The option of a decision that becomes a scenario."""

    decision: str
    option: str


class ApplyBody(Given):
    """Whether it is applied though the plan moved under it."""

    anyway: bool = False


class NothingBody(Given):
    """Nothing is asked."""


class CompareAsked(At):
    """Which scenarios are compared: their keys with commas between."""

    keys: Annotated[str, Field(max_length=400)] = ""


@operation(router, "GET", "/programs/{slug}/scenarios", Permission.VIEW, Page[ScenarioFacts])
def list_scenarios(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ScenarioFacts]:
    """List the scenarios of a program by key, each with what it makes of the forecast."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return page_of(scenarios_of(request.auth, program, moment), lambda row: row.key, asked)


@operation(router, "GET", "/programs/{slug}/scenario-comparison", Permission.VIEW, Comparison)
def compare(request: ApiRequest, slug: str, asked: Query[CompareAsked]) -> Comparison:
    """Set up to four scenarios side by side with the plan, on the same random numbers."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    keys = [key.strip() for key in asked.keys.split(",")]
    return compare_scenarios(request.auth, program, keys, moment)


@operation(router, "GET", _ONE, Permission.VIEW, ScenarioFacts)
def read_scenario(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> ScenarioFacts:
    """Read a scenario with its outlook, and what moved in the plan under it."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return scenario_named(request.auth, program, key, moment)


@operation(router, "PUT", _ONE, Permission.PLAN, ScenarioFacts)
@slow
def put_scenario(request: ApiRequest, slug: str, key: str, body: ScenarioBody) -> ScenarioFacts:
    """Set a scenario: made when there is none of this key, else changed; it is tried at once."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)
    values = body.given()

    def write(version: int | None) -> ScenarioFacts:
        return set_scenario(actor, slug, key, values, at, version=version)

    return edit_or_create(request, lambda: scenario_named(actor, program, key), write)


@operation(router, "POST", "/programs/{slug}/option-scenarios", Permission.PLAN, ScenarioFacts, 201)
@slow
def try_option(request: ApiRequest, slug: str, body: OptionBody) -> ScenarioFacts:
    """Write an option of a decision down as a scenario of its own."""
    return scenario_from_option(request.auth, slug, (body.decision, body.option), request.now)


@operation(router, "POST", f"{_ONE}/weigh", Permission.PLAN, ScenarioFacts)
@slow
def weigh(request: ApiRequest, slug: str, key: str, body: NothingBody) -> ScenarioFacts:
    """Work out again what a scenario makes of the plan as it stands."""
    program = program_named(request.auth, slug)
    scenario_named(request.auth, program, key)
    weigh_scenarios(request.auth, program, request.now, [key])
    return scenario_named(request.auth, program, key)


@operation(router, "POST", f"{_ONE}/apply", Permission.PLAN, ScenarioFacts)
@slow
def apply_to_plan(request: ApiRequest, slug: str, key: str, body: ApplyBody) -> ScenarioFacts:
    """Make every change of a scenario in the plan, or none; ask for a new forecast afterwards."""
    return apply_scenario(request.auth, (slug, key), request.now, anyway=body.anyway)


@operation(router, "POST", f"{_ONE}/undo", Permission.PLAN, ScenarioFacts)
@slow
def undo_in_plan(request: ApiRequest, slug: str, key: str, body: NothingBody) -> ScenarioFacts:
    """Take an applied scenario back: the plan is what it was before."""
    return undo_scenario(request.auth, (slug, key), request.now)


@operation(router, "POST", f"{_ONE}/accept-moves", Permission.PLAN, ScenarioFacts)
@slow
def accept_plan_moves(request: ApiRequest, slug: str, key: str, body: NothingBody) -> ScenarioFacts:
    """Keep the overrides though the plan moved; those of things that are gone are let go."""
    return accept_moves(request.auth, (slug, key), request.now)


@operation(router, "POST", f"{_ONE}/throw-away", Permission.PLAN, ScenarioFacts)
def throw_away(request: ApiRequest, slug: str, key: str, body: NothingBody) -> ScenarioFacts:
    """Throw a scenario away; it stays to be read."""
    return throw_away_scenario(request.auth, (slug, key), request.now)


@operation(router, "POST", f"{_ONE}/bring-back", Permission.PLAN, ScenarioFacts)
@slow
def bring_back(request: ApiRequest, slug: str, key: str, body: NothingBody) -> ScenarioFacts:
    """Take a scenario back that was thrown away."""
    return bring_back_scenario(request.auth, (slug, key), request.now)
