"""Online experiments: the plan, its looks, and the intervals over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import CheckRun, TrialAmendment, TrialPlan
from headway.domain.checks.queries.monitors import monitor_named
from headway.domain.checks.rules import (
    AmendmentFacts,
    EffectResult,
    LookFacts,
    MonitorFacts,
    TrialFacts,
)
from headway.domain.programs.queries import facts, rows_at
from headway.errors import NotFound

#: Looks of one experiment that a page shows.
MOST_LOOKS = 500


@dataclass(frozen=True, slots=True)
class TrialPage:
    """An experiment: its monitor, its plan, its looks (oldest first), each metric over them."""

    monitor: MonitorFacts
    trial: TrialFacts
    looks: Sequence[LookFacts]
    #: By metric: one effect for each look, None where the look had none.
    series: Mapping[str, Sequence[EffectResult | None]]


def trial_of(actor: Actor, monitor: MonitorFacts, at: datetime | None = None) -> TrialFacts:
    """Return the plan of an experiment. Raises NotFound for a monitor that has none."""
    require(actor, Permission.VIEW, monitor)
    rows = rows_at(TrialPlan, at, monitor_id=monitor.id)
    if not rows:
        sentence = f"'{monitor.key}' has no plan of an experiment yet; write one first."
        raise NotFound(sentence)
    amended = TrialAmendment.objects.filter(trial_id=rows[0].id)
    if at is not None:
        amended = amended.filter(at__lte=at)
    made = [facts(AmendmentFacts, row) for row in amended.order_by("number")]
    return facts(TrialFacts, rows[0], amendments=made)


def looks_of(
    actor: Actor, monitor: MonitorFacts, at: datetime | None = None
) -> Sequence[LookFacts]:
    """Return the looks at an experiment, oldest first."""
    require(actor, Permission.VIEW, monitor)
    rows = CheckRun.objects.filter(monitor_id=monitor.id, state="done")
    if at is not None:
        rows = rows.filter(at__lte=at)
    newest = reversed(rows.defer("pictures").order_by("-number")[:MOST_LOOKS])
    return [_look(row) for row in newest]


def _look(row: CheckRun) -> LookFacts:
    effects = [EffectResult(**one) for one in row.details.get("effects", ())]
    return facts(LookFacts, row, effects=effects, sample_ratio=row.details.get("sample_ratio"))


def trial_page(actor: Actor, key: str, at: datetime | None = None) -> TrialPage:
    """Return an experiment with its looks. Raises NotFound."""
    monitor = monitor_named(actor, key, at)
    trial, looks = trial_of(actor, monitor, at), looks_of(actor, monitor, at)
    metrics = list(dict.fromkeys(one.metric for look in looks for one in look.effects))
    series = {
        metric: [
            next((one for one in look.effects if one.metric == metric), None) for look in looks
        ]
        for metric in metrics
    }
    return TrialPage(monitor, trial, looks, series)
