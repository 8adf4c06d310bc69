"""What a run found becomes evidence, moves the monitor's standing, and may propose work."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from headway.domain.accounts.rules import Actor
from headway.domain.checks.actions.proposing import propose_retraining
from headway.domain.checks.models import CheckRun, Monitor, ReferenceData
from headway.domain.checks.rules import MonitorFacts, RunResult, lasts_until, outcome_of
from headway.domain.checks.rules.hysteresis import Stand, Standing, after
from headway.domain.checks.rules.monitors import MOST_PICTURES
from headway.domain.checks.rules.results import kept_details, kept_pictures
from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.rules.jobs import JobState
from headway.domain.programs.queries import facts
from headway.errors import Invalid
from headway.observation import Observation, SubjectRef

#: The source of what monitors record.
SOURCE = "headway"


def keep_result(
    actor: Actor, monitor: Monitor, row: CheckRun, result: RunResult, learned: datetime
) -> None:
    """Keep what a run found: on the run, in the ledger, as the monitor's standing.

    The monitor's row is locked by the caller, so that runs are weighed one after the other.
    """
    _fill(row, result)
    if row.cause == "reference":
        _keep_reference(monitor, row, result)
        return
    before = standing_before(row)
    now = after(before, outcome_of(result.verdict), monitor.alert_after, monitor.clear_after)
    row.stand, row.bad_in_a_row, row.good_in_a_row = now.stand, now.bad, now.good
    row.record = _record(actor, monitor, row, result, now, learned)
    row.save()
    _thin_pictures(monitor)
    if now.stand is Stand.ALERT and before.stand is not Stand.ALERT:
        propose_retraining(actor, monitor, row, learned)


def _fill(row: CheckRun, result: RunResult) -> None:
    row.state = JobState.FAILED if result.verdict == "error" else JobState.DONE
    row.verdict, row.word, row.value = result.verdict, result.word[:40], result.value
    row.bound = "" if result.bound is None else str(result.bound)[:100]
    row.rule, row.n, row.rows_bad = result.rule, result.n, result.rows_bad
    row.sentence, row.digest = result.sentence, result.digest
    row.engine = result.engine[:60]
    row.details, row.pictures = kept_details(result), kept_pictures(result)


def _keep_reference(monitor: Monitor, row: CheckRun, result: RunResult) -> None:
    """Store reference data; a run that does so says nothing about the monitor."""
    row.verdict, row.stand = "", ""
    if result.reference is not None:
        last = monitor.references.aggregate(last=Max("number"))["last"] or 0
        row.reference = ReferenceData.objects.create(
            workspace_id=row.workspace_id,
            monitor=monitor,
            number=last + 1,
            stored=dict(result.reference),
            table=row.table,
            digest=result.digest,
            rows=result.n,
            reason=str(row.answer.get("reason", "")),
            at=row.at,
            made_by=row.asked_by,
        )
    elif row.state == JobState.DONE:
        row.state = JobState.FAILED
        row.sentence = "A monitor of this kind is held against no reference data."
    row.save()


def standing_before(row: CheckRun) -> Standing:
    """Return how a run's monitor stood before it."""
    past = CheckRun.objects.filter(monitor_id=row.monitor_id, number__lt=row.number)
    last = past.exclude(stand="").order_by("-number").first()
    if last is None:
        return Standing()
    return Standing(Stand(last.stand), last.bad_in_a_row, last.good_in_a_row)


def _record(
    actor: Actor,
    monitor: Monitor,
    row: CheckRun,
    result: RunResult,
    standing: Standing,
    learned: datetime,
) -> int | None:
    """Record a run in the ledger: the check with what it is bound to, and its evaluations."""
    subject = SubjectRef.parse(monitor.subject)
    until = lasts_until(facts(MonitorFacts, monitor), row.at)
    slug = monitor.project.slug
    check = {
        "check": monitor.key,
        "dimension": monitor.dimension,
        "passed": outcome_of(result.verdict),
        "observed": result.value,
        "bound": result.bound,
        "rows": result.n,
        "rows_bad": result.rows_bad,
        "sentence": result.sentence[:10_000],
        "standing": standing.verdict,
        "rule": result.rule[:10_000] or None,
        "dataset_digest": result.digest or None,
        "commit": monitor.commit or None,
        "run": f"{monitor.key}/{row.number}",
    }
    seen = [Observation(subject, "check", SOURCE, row.at, check, project=slug, valid_until=until)]
    seen += [
        Observation(subject, "evaluation", SOURCE, row.at, payload, project=slug, valid_until=until)
        for payload in result.evaluations
    ]
    outcome = record_evidence(actor, seen, learned, may_lack_project=True)
    if outcome.refused:
        raise Invalid(outcome.refused[0].reason)
    return outcome.sequences[0] if outcome.sequences else None


def _thin_pictures(monitor: Monitor) -> None:
    """Let go of the pictures of old runs: their numbers stay."""
    kept = monitor.runs.order_by("-number").values_list("id", flat=True)[:MOST_PICTURES]
    old = monitor.runs.exclude(id__in=list(kept)).exclude(pictures=[])
    old.update(pictures=[])
