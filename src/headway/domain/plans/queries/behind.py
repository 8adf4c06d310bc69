"""Whether a program's plan has changed since a forecast of it was made."""

from __future__ import annotations

from datetime import datetime

from headway.analysis.schedule.simulation import ENGINE
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries.forecasts import ForecastFacts, latest_forecast
from headway.domain.plans.queries.network import plan_value
from headway.domain.plans.queries.written import written_since
from headway.domain.plans.rules import plan_digest
from headway.domain.programs.rules import ProgramFacts


def is_behind(
    actor: Actor, program: ProgramFacts, latest: ForecastFacts | None, at: datetime | None = None
) -> bool:
    """Say whether the plan differs in content from that of `latest`; an undone edit does not.

    The plan is only put together where something was written since: for most visits one query.
    """
    require(actor, Permission.VIEW, program)
    if latest is None or not written_since(actor, latest.at):
        return False
    return plan_digest(plan_value(actor, program, at)) != latest.plan_digest


def is_current(actor: Actor, program: ProgramFacts, at: datetime) -> bool:
    """Say whether the newest forecast is of this day, this engine and this plan."""
    latest = latest_forecast(actor, program, at)
    if latest is None or latest.at.date() != at.date() or latest.engine != ENGINE:
        return False
    return not is_behind(actor, program, latest, at)
