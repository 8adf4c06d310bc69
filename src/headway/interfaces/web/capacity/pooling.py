"""Compute pools of a program with their weeks, bottlenecks, and the queue's way into a range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway import clock
from headway.domain.people.actions.pools import restore_pool, set_pool
from headway.domain.people.queries.pools import pool_named
from headway.domain.people.rules.loads import WEEKS, Weeks
from headway.domain.people.rules.pools import MARKET_WORDS, PoolFacts
from headway.domain.people.rules.working_time import form_schedule
from headway.domain.plans.actions.queue_wait import add_queue_wait
from headway.domain.plans.queries import latest_forecast
from headway.domain.plans.queries.bottlenecks import bottlenecks
from headway.domain.plans.queries.pool_use import PoolUse, pool_uses
from headway.domain.plans.queries.supposing import ranking_under_way
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.calendars import as_written, calendar_from
from headway.interfaces.web.capacity.forms import PoolForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.programs.supposing import supposition_job
from headway.rendering import phrases


def pools(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer first: how much of each pool is asked for, and what lies idle."""
    facts = program_named(request.actor, program, request.at)
    today = (request.at or request.now).date()
    uses = pool_uses(request.actor, facts, Weeks.of(today, WEEKS), request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at), check=False)
    values |= {
        "uses": uses,
        "said": _said(uses, facts.currency),
        "markets": MARKET_WORDS,
    }
    return render(request, "capacity_web/pools.html", values)


def _said(rows: Sequence[PoolUse], currency: str) -> str:
    if not rows:
        return "No compute pool is known yet."
    idle = sum((one.idle_cost for one in rows), start=rows[0].idle_cost * 0)
    asked = max(rows, key=lambda one: one.share or 0.0)
    said = f"{asked.resource.name}: {(asked.share or 0) * 100:.0f} % of it is asked for"
    if idle:
        said += f"; {phrases.money(idle, currency)} of reservations lie idle"
    return f"{said} in the next {len(asked.weeks)} weeks."


def edit_pool(request: WorkspaceRequest, program: str, pool: str) -> HttpResponse:
    """Say what a pool really offers."""
    page = address(request, "pools", program=program)
    _, before = pool_named(request.actor, program_named(request.actor, program), pool)

    def save(typed: dict[str, object], version: int | None) -> Done:
        values = {name: one for name, one in typed.items() if name not in ("weekdays", "hours")}
        always = "0:00-24:00" if typed["weekdays"] else ""
        given = {"weekdays": typed["weekdays"], "hours": typed["hours"] or always}
        values["week"] = form_schedule(given)
        saved = set_pool(request.actor, program, pool, values, request.now, version=version)
        undo = ""
        if before is not None and saved.version > before.version:
            place = {"program": program, "pool": pool, "version": before.version}
            undo = address(request, "restore_pool", **place)
        return Done(f"{pool} is described; the next forecast reads its quota.", undo)

    def load() -> Edit:
        _, held = pool_named(request.actor, program_named(request.actor, program), pool)
        fields = _held(held) if held else {"preempted": 0}
        version = held.version if held else None
        return Edit(f"What {pool} offers", page, PoolForm, save, fields, version)

    return edit_page(request, load)


def undo_pool(request: WorkspaceRequest, program: str, pool: str, version: int) -> HttpResponse:
    """Put what is known of a pool back to an earlier version."""
    restore_pool(request.actor, program, pool, version, request.now)
    page = address(request, "pools", program=program)
    return leave(request, page, Done(f"{pool} is as it was before."))


def put_wait(
    request: WorkspaceRequest, program: str, pool: str, project: str, item: str
) -> HttpResponse:
    """Put a pool's queue wait into the range of an item."""
    program_named(request.actor, program)
    made = add_queue_wait(
        request.actor, (project, item), pool, request.now, version=asked_version(request)
    )
    page = address(request, "pools", program=program)
    return leave(request, page, Done(f"The range of {made.name} now {made.origin['words']}."))


def bottleneck_page(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer first: which unit more brings the P80 forward by how much."""
    facts = program_named(request.actor, program, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    found = bottlenecks(request.actor, facts, latest)
    job = ranking_under_way(request.actor, facts, clock.now())
    stuck = job is not None and job.has_ended
    values = head_of(request, facts, latest, check=False)
    values |= {
        "found": found,
        "job": supposition_job(request, job) if job and not stuck else None,
        "stuck": job.sentence if job and stuck else "",
        "askable": is_live(request)
        and latest is not None
        and not latest.problem
        and (found.problem or not found.is_newest)
        and (job is None or stuck),
    }
    return render(request, "capacity_web/bottlenecks.html", values)


def _held(one: PoolFacts) -> Mapping[str, object]:
    week = as_written(calendar_from(one.week)) if one.week else {}
    prices = [f"{MARKET_WORDS[name]} {price}" for name, price in one.prices.items()]
    reserved = [
        f"{row.first} {row.last} {row.units:g} {row.rate:f}{' adds' if row.adds else ''}"
        for row in one.reserved
    ]
    wait = one.queue_wait
    return {
        "machine": one.machine,
        "market": one.market,
        "prices": ", ".join(prices),
        "windows": "\n".join(f"{first} {last} {units:g}" for first, last, units in one.windows),
        "weekdays": week.get("weekdays", ""),
        "hours": week.get("hours", ""),
        "reservations": "\n".join(reserved),
        "preempted": one.preempted,
        "queue_wait": "/".join(f"{hours:g}" for hours in wait) if wait else "",
    }
