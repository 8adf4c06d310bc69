"""What the radar looks at: plan and evidence of one program, shaped for its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.checks.queries import monitors_page, retraining_proposals
from headway.domain.evidence.queries import evidence_ages
from headway.domain.finance.queries import actuals_of, budget_of
from headway.domain.gates.models import ApprovalRequest
from headway.domain.gates.queries import queue_times_of
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import ForecastFacts, latest_forecast, promise_standings
from headway.domain.plans.queries.calibration import kind_biases
from headway.domain.plans.queries.glance import (
    ItemGlance,
    items_at_a_glance,
    p80_history,
    working_axis,
)
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.queue import wait_of
from headway.domain.radar.queries.metrics import metrics_seen
from headway.domain.radar.rules import (
    Proposal,
    contract_lapse,
    drifting,
    estimate_bias,
    money_burn,
    one_person,
    plateau,
    silent_experiment,
    slipping,
    slow_approvals,
    unconfirmed_promise,
)
from headway.domain.radar.rules.house import Lapsing, Queue, Spending
from headway.domain.radar.rules.models import Alert
from headway.domain.radar.rules.planning import KindBias, OpenItem, OpenPromise
from headway.domain.vendors.queries import lapses_of

#: Forecasts that a trend is read from.
TREND = 6


def proposals_of(
    actor: Actor,
    program: ProgramFacts,
    at: datetime,
    known_at: datetime | None,
    latest: ForecastFacts | None = None,
) -> Sequence[Proposal]:
    """Return what the rules make of a program at `at`, as known at `known_at`.

    `latest` is its newest forecast, where that is known already. As many queries for 200 projects
    as for one.
    """
    seen = _Seen(actor, program, at, known_at, latest)
    return [*seen.planning(), *seen.evidence(), *seen.house()]


class _Seen:
    """One program's plan and evidence, each part read once, and only what its rules look at."""

    def __init__(
        self,
        actor: Actor,
        program: ProgramFacts,
        at: datetime,
        known_at: datetime | None,
        latest: ForecastFacts | None,
    ) -> None:
        self.actor, self.program, self.at, self.known_at = actor, program, at, known_at
        self.projects: Sequence[ProjectFacts] = projects_of(actor, program, known_at)
        self.slugs = {one.id: one.slug for one in self.projects}
        self.rows = items_at_a_glance(actor, program, self.projects, known_at)
        self.time = working_axis(actor, program, self.projects, known_at)
        if latest is None:
            latest = latest_forecast(actor, program, known_at or at)
        told = latest.answer.get("items") if latest else None
        odds = told if isinstance(told, dict) else {}
        self.items = [_open_item(row, odds) for row in self.rows if row.finished is None]

    def planning(self) -> Iterator[Proposal]:
        """Yield what the plan alone suggests."""
        known = self.known_at or self.at
        history = p80_history(self.actor, self.program, known, limit=TREND)
        yield from slipping(history, self.items)
        end = self.program.target
        weeks = (end - self.at.date()).days / 7 if end else 26.0
        yield from one_person(self.items, names_of(self.actor), weeks)
        biases = [
            KindBias(one.name, one.count, one.median, one.p80, one.is_enough)
            for one in kind_biases(self.rows, self.time)
        ]
        yield from estimate_bias(biases, self.items)
        yield from unconfirmed_promise(list(self._promises()))

    def evidence(self) -> Iterator[Proposal]:
        """Yield what evidence about models suggests."""
        yield from silent_experiment(self.items, self._last_runs(), self.at.date())
        trying = self._projects_with("experiment", "training")
        yield from plateau(
            metrics_seen(self.actor, trying, self.at, self.known_at) if trying else [], self.items
        )
        yield from drifting(list(self._alerts()), self.items)

    def house(self) -> Iterator[Proposal]:
        """Yield what money, contracts and approvals suggest."""
        yield from money_burn(self._spending())
        yield from contract_lapse(list(self._contracts()))
        yield from slow_approvals(list(self._queues()))

    def _projects_with(self, *kinds: str, begun: bool = False) -> Sequence[ProjectFacts]:
        """Return the projects that have an unfinished item of these kinds (under way)."""
        found = {
            one.address.partition("/")[0]
            for one in self.items
            if one.kind in kinds and (one.is_started or not begun)
        }
        return [one for one in self.projects if one.slug in found]

    def _last_runs(self) -> Mapping[str, date | None]:
        """Return the day of the last run of each project with an experiment under way."""
        ids = [one.id for one in self._projects_with("experiment", begun=True)]
        if not ids:
            return {}
        ages = evidence_ages(self.actor, ids, self.known_at, kinds=("run",))
        return {self.slugs[one.project_id]: one.observed_at.date() for one in ages}

    def _promises(self) -> Iterator[OpenPromise]:
        today = self.at.date()
        found = promise_standings(
            self.actor, [self.program], today, self.known_at, only_open=True, slugs=self.slugs
        )
        for one in found[self.program.id]:
            held = one.promise
            if not held.is_ours:
                yield OpenPromise(
                    held.key,
                    held.name,
                    held.giver,
                    one.asks(today),
                    one.needed_by,
                    held.promised,
                    one.float_days,
                    [item.address for item in one.items if not item.is_finished],
                )

    def _alerts(self) -> Iterator[Alert]:
        """Yield the monitors on alert whose retraining is not in the plan already."""
        lines = [
            one
            for one in monitors_page(self.actor, self.at, known_at=self.known_at)
            if one.monitor.project_id in self.slugs and one.verdict.verdict == "unmet"
        ]
        if not lines:
            return
        proposals = retraining_proposals(self.actor, self.known_at, program=self.program)
        planned = {one.monitor_id for one in proposals if one.state == "accepted"}
        for line in lines:
            if line.monitor.id in planned:
                continue
            yield Alert(
                line.monitor.key,
                line.monitor.name,
                line.project,
                line.verdict.sentence,
                len(line.strip),
                sum(1 for run in line.strip if run.verdict == "unmet"),
                line.verdict.records,
            )

    def _spending(self) -> Spending | None:
        budget = budget_of(self.actor, self.program, self.known_at).total
        spent = actuals_of(self.actor, self.program, self.known_at).total
        first, end = self.time.start, self.program.target
        if budget is None or spent is None or first is None or end is None or end <= first:
            return None
        passed = (self.at.date() - first).days / (end - first).days
        return Spending(spent, budget, passed, self.program.currency)

    def _contracts(self) -> Iterator[Lapsing]:
        for one in lapses_of(self.actor, self.at, self.known_at):
            held = one.contract
            if held.program_id not in (None, self.program.id):
                continue
            names = {held.vendor.lower(), held.vendor_name.lower()}
            yield Lapsing(
                held.address,
                held.name,
                held.vendor_name,
                one.sentence,
                one.day,
                one.days,
                held.renewal == "automatic",
                [item.address for item in self.items if item.owner.lower() in names],
            )

    def _queues(self) -> Iterator[Queue]:
        """Yield the functions that have left a question of this program unanswered."""
        rows = ApprovalRequest.objects.select_related("gate__milestone__project").filter(
            workspace_id=self.actor.workspace_id,
            gate__release__project__program_id=self.program.id,
            requested_at__lte=self.known_at or self.at,
        )
        open_ones: dict[str, list[ApprovalRequest]] = {}
        for row in rows:
            answered = row.answered_at is not None and row.answered_at <= self.at
            if not answered and row.round == row.gate.round:
                open_ones.setdefault(row.function, []).append(row)
        if not open_ones:
            return
        usual = {one.function: one for one in queue_times_of(self.actor, self.known_at or self.at)}
        for function, asked in sorted(open_ones.items()):
            waits = [
                wait_of(function, row.requested_at, None, self.at, self.program.calendar).days
                for row in asked
            ]
            known = usual.get(function)
            yield Queue(
                function,
                len(asked),
                max(waits),
                known.estimate if known else None,
                known.n if known else 0,
                sorted({_address(row) for row in asked} - {""}),
            )


def _address(row: ApprovalRequest) -> str:
    """Return the milestone that a gate's question holds up; empty where it has none, or is over."""
    milestone: Any = row.gate.milestone
    if milestone is None or milestone.finished is not None:
        return ""
    return f"{milestone.project.slug}/{milestone.key}"


def _open_item(row: ItemGlance, odds: Mapping[str, Any]) -> OpenItem:
    told: Mapping[str, Any] = odds.get(row.address, {})
    estimate = row.remaining or row.estimate
    each = row.attempts.get("each") if row.attempts else None
    return OpenItem(
        row.address,
        row.name,
        row.kind,
        row.owner,
        float(estimate[len(estimate) // 2]) if estimate else None,
        float(told.get("criticality") or 0.0),
        row.started is not None,
        tuple(float(part) for part in each) if isinstance(each, list) else None,
    )
