"""What Headway does by itself, in one function: read sources, plan, forecast, judge, tell."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import headway_actor, workspaces
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.actions import (
    refresh_assessments,
    watch_assumptions,
    watch_triggers,
)
from headway.domain.checkins.actions import ask_check_ins
from headway.domain.checks.actions import ask_due, drain_checks
from headway.domain.compliance.actions.telling import tell_policies
from headway.domain.costs.actions import settle_bills
from headway.domain.evidence.actions import settle_waiting
from headway.domain.gates.actions import refresh_promotions, settle_gates
from headway.domain.installation.models import Tick
from headway.domain.notices.actions import (
    send_notices,
    send_statuses,
    tell_appetites,
    tell_briefs,
    tell_changes,
    tell_check_ins,
    tell_comments,
    tell_crossings,
    tell_decisions,
    tell_escalations,
    tell_gates,
    tell_law,
    tell_questions,
    tell_radar,
    tell_reopenings,
    tell_reports,
    tell_shifts,
    tell_statuses,
)
from headway.domain.plans.actions import (
    follow_sources,
    make_forecast,
    weigh_unweighed,
    weigh_unweighed_scenarios,
)
from headway.domain.plans.actions.importing.drain import drain_imports
from headway.domain.plans.actions.importing.jobs import forget_old_imports
from headway.domain.plans.actions.levelling import drain_levellings
from headway.domain.plans.actions.supposing import drain_what_ifs
from headway.domain.plans.queries import is_current
from headway.domain.programs.queries import programs_of
from headway.domain.progress.actions import follow_evidence
from headway.domain.sharing.actions import run_orders, send_packs, send_questions
from headway.domain.sources.actions import SyncOutcome, sync_due
from headway.errors import HeadwayError

_log = logging.getLogger("headway.tick")

#: What is told, each from its own rows that nobody was told of yet.
_TELLERS = (
    tell_shifts,
    tell_decisions,
    tell_gates,
    tell_law,
    tell_reopenings,
    tell_escalations,
    tell_crossings,
    tell_reports,
    tell_check_ins,
    tell_questions,
    tell_comments,
    tell_changes,
    tell_briefs,
    tell_statuses,
)

#: What is done in a workspace beside its programs: its name, what it counts, and the action.
_STEPS = (
    ("monitors", "runs", ask_due),
    ("bills", "replaced", lambda house, _at: settle_bills(house)),
    ("check-ins", "asked", ask_check_ins),
    ("policies", "policies", tell_policies),
    ("promotions", "promotions", refresh_promotions),
    ("gates", "gates", settle_gates),
    ("standing orders", "orders", run_orders),
)

#: Ticks older than this are forgotten.
REMEMBERED = timedelta(days=7)


def tick(at: datetime, *, is_stopping: Callable[[], bool] = lambda: False) -> dict[str, object]:
    """Do what is due in every workspace at `at`; return what was done by workspace.

    Imports that wait come first: somebody looks at them. `is_stopping` ends the one under way.
    Nothing that fails stops the rest: neither a source, nor a program, nor a workspace; what failed
    is kept with the tick. A pinned sample stands still: its story is told as of its own day.
    """
    begun = time.monotonic()
    outcome: dict[str, object] = {}
    said: list[str] = []
    with _apart("imports", said):
        forget_old_imports(at)
        drain_imports(at, is_stopping=is_stopping)
    with _apart("levellings", said):
        drain_levellings(at, is_stopping=is_stopping)
    with _apart("what-ifs", said):
        drain_what_ifs(at, is_stopping=is_stopping)
    with _apart("checks", said):
        drain_checks(at, is_stopping=is_stopping)
    for workspace in workspaces():
        if workspace.pinned_at is not None:
            continue
        failures: list[str] = []
        with _apart("the turn", failures):
            outcome[workspace.slug] = {**_turn(workspace, at, failures), "failures": failures}
        if failures:
            outcome.setdefault(workspace.slug, {"failures": failures})
            said += [f"{workspace.slug}: {failure}" for failure in failures]
    Tick.objects.filter(at__lt=at - REMEMBERED).delete()
    Tick.objects.create(
        at=at, seconds=time.monotonic() - begun, outcome=outcome, failure="; ".join(said)
    )
    return outcome


@contextmanager
def _apart(what: str, failures: list[str]) -> Iterator[None]:
    """Keep a failure of `what` from the rest, and note it in `failures`."""
    try:
        yield
    except HeadwayError as error:
        failures.append(f"{what}: {error}")
        _log.warning("%s failed: %s", what, error)
    except Exception as error:  # a bug met in one place must not silence the others
        failures.append(f"{what}: {type(error).__name__}, see the log")
        _log.exception("%s failed", what)


def _turn(workspace: Workspace, at: datetime, failures: list[str]) -> dict[str, object]:
    actor = headway_actor(workspace.id)
    done: dict[str, object] = {"shifts": 0}
    with _apart("sources", failures):
        synced = sync_due(actor, at)
        done["synced"] = [one.source for one in synced if isinstance(one, SyncOutcome)]
        done["failed"] = [str(one) for one in synced if not isinstance(one, SyncOutcome)]
    with _apart("the inbox", failures):
        done["placed"] = settle_waiting(actor, at)
    with _apart("plans of sources", failures):
        for name, brought in follow_sources(actor, at).items():
            if isinstance(brought, HeadwayError):
                failures.append(f"the plan of {name}: {brought}")
    with _apart("programs", failures):
        done["shifts"] = _refresh_programs(actor, at, failures)
    for what, key, step in _STEPS:
        with _apart(what, failures):
            done[key] = step(actor, at)
    with _apart("notices", failures):
        done["told"] = sum(teller(actor, at) for teller in _TELLERS)
    with _apart("mails", failures):
        done["mails"] = send_notices(actor, at)
    with _apart("statuses on commits", failures):
        done["statuses"] = send_statuses(actor, at)
    with _apart("mails to people outside", failures):
        done["questions"] = send_questions(actor, at)
        done["packs"] = send_packs(actor, at)
    return done


def _refresh_programs(actor: Actor, at: datetime, failures: list[str]) -> int:
    """Forecast and judge every program as known at `at`; return how many verdicts changed.

    What evidence says is left of work that follows it is written down first, so that it counts.
    A forecast that still stands is not made again, nor its plan read. A program whose forecast
    fails is judged all the same, by what is known of it.
    """
    shifts = 0
    with _apart("evidence that work follows", failures):
        follow_evidence(actor, at)
    for program in programs_of(actor, at):
        with _apart(f"the forecast of {program.slug}", failures):
            is_fresh = not is_current(actor, program, at)
            if is_fresh:
                make_forecast(actor, program.slug, at)
            weigh_unweighed(actor, program.slug, at)
            weigh_unweighed_scenarios(actor, program.slug, at)
        if is_fresh:  # a plan that stands still, on a day that was looked at, suggests nothing new
            with _apart(f"the radar of {program.slug}", failures):
                tell_radar(actor, program.slug, at)
                tell_appetites(actor, program.slug, at)
        with _apart(f"the verdicts of {program.slug}", failures):
            shifts += refresh_assessments(actor, program.slug, at)
        with _apart(f"the triggers of {program.slug}", failures):
            watch_assumptions(actor, program.slug, at)
            watch_triggers(actor, program.slug, at)
    return shifts
