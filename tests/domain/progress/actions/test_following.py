"""A program that earns, promises a metric, and lets work follow it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    import_plan,
    remove_item,
    restore_item,
    set_baseline,
    take_estimate,
)
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import history_of_item, what_moved
from headway.domain.programs.actions import create_program, create_project, set_criterion
from headway.domain.programs.queries import program_named, project_named
from headway.domain.progress.actions import (
    clear_follow,
    clear_measure,
    follow_evidence,
    put_back_measure,
    set_follow,
    set_measure,
    take_proposal,
)
from headway.domain.progress.queries import (
    ProgramValue,
    earned_value,
    earned_value_of_portfolio,
    followed_items,
    measure_named,
    metric_standings,
)
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

BEGUN = AT - timedelta(days=63)
PLAN = b"""
plan: Reading
start: 2026-09-21
budget: {amount: 90000, currency: USD}
resources: {engineer: {capacity: 2, rate: 100/hour}}
items:
  - {id: LABEL, name: Label, estimate: 10, needs: {engineer: 1}, cost: 100}
  - {id: REACH, name: Reach, kind: experiment, estimate: 30, after: [LABEL], needs: {engineer: 1}}
  - {id: LEAD, name: Lead, estimate: 60, needs: {engineer: 0.5}}
"""
RECALL = {"name": "Recall", "subject": "model:r", "metric": "recall", "target": 0.9}


def an_evaluation(day: int, value: float, labels: int, **more: object) -> Observation:
    """Return what a model reached on a day after the beginning, with so many labels."""
    payload = {
        **{"metric": "recall", "value": value, "n": 500, "low": value - 0.02, "high": value + 0.02},
        **{"dataset": "held-out", "dataset_digest": "d1", "split": "test", "segments": []},
        **{"context": {"labels": labels}, **more},
    }
    at = BEGUN + timedelta(days=day)
    return Observation(
        SubjectRef("model", "r", str(day)), "evaluation", "tests", at, payload, None, "reading"
    )


def a_study(value: float) -> list[Observation]:
    """Return a run that was made to learn something, and the value that it reached."""
    subject, at = SubjectRef("run", "study", ""), BEGUN + timedelta(days=61)
    payload = {
        **{"run_id": "study", "name": "study", "group": "reading", "status": "finished"},
        **{"started_at": at.isoformat(), "ended_at": at.isoformat(), "metrics": {}, "params": {}},
        **{"tags": {"purpose": "study"}, "datasets": [], "deleted": False},
    }
    seen = an_evaluation(61, value, 900)
    return [
        Observation(subject, "run", "tests", at, payload, None, "reading"),
        Observation(subject, "evaluation", "tests", at, seen.payload, None, "reading"),
    ]


def cost(amount: str, currency: str = "USD") -> Observation:
    payload = {
        **{"amount": amount, "currency": currency, "category": "people", "description": "October"},
        **{"period_start": "2026-10-01", "period_end": "2026-10-31"},
    }
    subject = SubjectRef("invoice", currency, "")
    return Observation(subject, "cost", "tests", AT - timedelta(days=20), payload, None, "reading")


@pytest.fixture
def reading(cast: Cast) -> Cast:
    """Plan three items, agree on them, finish one and begin the next; five evaluations."""
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, BEGUN)
    create_project(cast.mia, "control", {"name": "Reading"}, BEGUN)
    import_plan(cast.mia, PLAN, "plan.yaml", BEGUN, project="reading")
    set_baseline(cast.mia, "control", {"name": "Agreed", "reason": "The board."}, BEGUN)
    done = {"started": "2026-09-21", "finished": "2026-10-09"}
    edit_item(cast.mia, ("reading", "LABEL"), done, AT - timedelta(days=45))
    edit_item(cast.mia, ("reading", "REACH"), {"started": "2026-10-12"}, AT - timedelta(days=42))
    set_criterion(cast.mia, "reading", "recall", RECALL, BEGUN)
    steps = ((20, 0.70, 100), (30, 0.80, 200), (40, 0.85, 350), (50, 0.875, 500), (60, 0.885, 620))
    record_evidence(cast.bob, [an_evaluation(*step) for step in steps], AT)
    return cast


def value_of(cast: Cast) -> ProgramValue:
    return earned_value(cast.vera, program_named(cast.vera, "control"), AT)


@pytest.mark.django_db
def test_a_program_earns_against_what_was_agreed_and_level_of_effort_stays_out_of_time(
    reading: Cast,
) -> None:
    before = value_of(reading)
    assert before.measures is not None
    assert before.measures.cpi is None
    assert before.measures.missing["cpi"] == "CPI and TCPI: no cost was ever recorded."
    # 10 days of 8 hours at 100, and 100 fixed; finished a week later than agreed.
    assert before.measures.status.earned == Decimal("8100.00")
    set_measure(reading.mia, "reading/LEAD", {"method": "effort"}, AT)
    record_evidence(reading.bob, [cost("6000"), cost("999", "EUR")], AT)
    found = value_of(reading)
    assert found.measures is not None
    assert found.measures.status.spent == Decimal("6000")
    assert found.measures.status.effort > 0
    assert found.measures.earned_schedule == before.measures.earned_schedule
    # Costs are known to the end of October: level of effort has earned on since then.
    assert found.cost_day == date(2026, 10, 31)
    assert found.measures.status.earned_for_cost < found.measures.status.earned
    assert found.measures.cpi == found.measures.status.earned_for_cost / 6000
    assert "Costs in other currencies are not converted, and not added." in found.notes
    assert [one.words for one in found.projects[0].items][:2] == [
        "Finished on 9 Oct 2026.",
        "Under way; earns when the question is answered.",
    ]
    items = [item for project in found.projects for item in project.items]
    assert sum(item.earned for item in items) == found.measures.status.earned
    early = AT - timedelta(days=50)
    then = earned_value(reading.vera, program_named(reading.vera, "control"), early, live=False)
    assert then.measures is not None
    assert (then.measures.status.earned, then.measures.status.spent) == (0, None)
    total = earned_value_of_portfolio(reading.vera, AT).totals["USD"]
    assert (total.status.earned, total.cpi) == (found.measures.status.earned, found.measures.cpi)


@pytest.mark.django_db
def test_how_an_item_earns_is_told_undone_and_kept_from_who_may_not(reading: Cast) -> None:
    told = {"method": "milestones", "steps": [["half", 1, "2026-10-20"], ["all", 1, None]]}
    first = set_measure(reading.mia, "reading/REACH", told, AT)
    half = value_of(reading).projects[0].items[1]
    assert half.earned == Decimal("12000.00")
    with pytest.raises(Conflict):
        set_measure(reading.mia, "reading/REACH", {"method": "question"}, AT, version=7)
    clear_measure(reading.mia, "reading/REACH", AT)
    assert not value_of(reading).projects[0].items[1].work.is_told
    assert put_back_measure(reading.mia, "reading/REACH", first.version, AT).method == "milestones"
    for actor, error in ((reading.vera, Refused), (reading.charlie, NotFound)):
        with pytest.raises(error):
            set_measure(actor, "reading/REACH", {"method": "question"}, AT)


@pytest.mark.django_db
def test_a_metric_dates_the_item_that_follows_it_and_says_where_from(reading: Cast) -> None:
    program = program_named(reading.mia, "control")
    record_evidence(reading.bob, a_study(0.99), AT)
    standing = metric_standings(reading.vera, program, AT)[0]
    assert (standing.best, standing.attainment is not None) == (0.885, True)
    set_follow(reading.mia, "reading/REACH", {"what": "metric", "criterion": "recall"}, AT)
    followed = followed_items(reading.vera, program, AT)[0]
    assert followed.proposal.remaining is not None
    assert followed.proposal.differs
    assert follow_evidence(headway_actor(reading.acme.id), AT) == 0
    assert WorkItem.objects.get(key="REACH").remaining is None
    set_follow(reading.mia, "reading/REACH", {"mode": "apply"}, AT)
    assert follow_evidence(headway_actor(reading.acme.id), AT) == 1
    row = WorkItem.objects.get(key="REACH")
    assert tuple(row.remaining or ()) == followed.proposal.remaining
    assert row.origin["words"] == "From the runs of Recall"
    assert isinstance(row.origin["record"], int)
    assert AuditEntry.objects.filter(action="take_remaining").count() == 1
    assert follow_evidence(headway_actor(reading.acme.id), AT) == 0


@pytest.mark.django_db
def test_work_that_has_not_started_is_ranged_by_the_runs_of_a_metric_like_its_own(
    reading: Cast,
) -> None:
    mia = reading.mia
    program = program_named(mia, "control")
    new = {"name": "Recall at night", "subject": "model:n", "metric": "recall", "target": 0.8}
    set_criterion(mia, "reading", "night", new, AT)
    add_item(mia, "reading", "NIGHT", {"name": "Night", "estimate": "3 5 8"}, AT)
    set_follow(mia, "reading/NIGHT", {"what": "metric", "criterion": "night", "mode": "apply"}, AT)
    proposal = followed_items(mia, program, AT)[0].proposal
    assert proposal.from_start
    assert proposal.remaining is not None
    assert "not measured yet. From 5 runs of Recall in Reading, as Recall at night has none" in (
        proposal.sentence
    )
    later = AT + timedelta(hours=1)
    assert follow_evidence(headway_actor(reading.acme.id), later) == 1
    row = WorkItem.objects.get(key="NIGHT")
    assert (tuple(row.estimate or ()), row.remaining) == (proposal.remaining, None)
    assert row.origin["words"].endswith("counted from when it starts")
    (move,) = [one for one in what_moved(mia, program, AT) if one.thing == "reading/NIGHT"]
    assert "From 5 runs of Recall in Reading" in move.sentence
    assert move.records == (row.origin["record"],)
    # What that pace never reaches gets no number, and an experiment keeps its attempts' range.
    set_criterion(mia, "reading", "night", {"target": 0.999}, later)
    stuck = followed_items(mia, program, later)[0].proposal
    assert (stuck.remaining, stuck.decide) == (None, True)
    assert "not reachable at their pace" in stuck.sentence
    with pytest.raises(Invalid, match="has started"):
        take_estimate(mia, ("reading", "REACH"), (1, 2, 3), {"words": "x"}, later)


@pytest.mark.django_db
def test_a_plateau_writes_no_number_and_asks_for_a_decision(reading: Cast) -> None:
    stuck = [an_evaluation(day, 0.84, 620, dataset_digest="d2") for day in range(50, 62)]
    record_evidence(reading.bob, stuck, AT)
    set_follow(
        reading.mia, "reading/REACH", {"what": "metric", "criterion": "recall", "mode": "apply"}, AT
    )
    proposal = followed_items(reading.mia, program_named(reading.mia, "control"), AT)[0].proposal
    assert (proposal.remaining, proposal.decide) == (None, True)
    assert "no date" in proposal.sentence
    assert follow_evidence(headway_actor(reading.acme.id), AT) == 0
    with pytest.raises(Invalid, match="no date"):
        take_proposal(reading.mia, "reading/REACH", AT)
    clear_follow(reading.mia, "reading/REACH", AT)
    with pytest.raises(Invalid, match="needs the success criterion"):
        set_follow(reading.mia, "reading/REACH", {"what": "metric"}, AT)
    with pytest.raises(Invalid, match="key of their purchase order"):
        set_follow(reading.mia, "reading/REACH", {"what": "labels"}, AT)
    with pytest.raises(NotFound):
        set_follow(reading.mia, "reading/REACH", {"what": "metric", "criterion": "recal"}, AT)
    with pytest.raises(NotFound, match="follows no evidence"):
        take_proposal(reading.mia, "reading/REACH", AT)


def test_an_item_that_is_removed_and_put_back_earns_and_follows_as_before(
    reading: Cast,
) -> None:
    cast = reading
    address, place = "reading/REACH", ("reading", "REACH")
    set_measure(cast.mia, address, {"method": "all_or_nothing"}, AT)
    set_follow(cast.mia, address, {"what": "metric", "criterion": "recall"}, AT)
    later = AT + timedelta(hours=1)
    remove_item(cast.mia, place, later)
    program = program_named(cast.mia, "control")
    assert not followed_items(cast.mia, program, later)
    assert follow_evidence(cast.mia, later) == 0
    removed = history_of_item(cast.mia, project_named(cast.mia, "reading"), "REACH")[0]
    back = restore_item(cast.mia, place, removed.history_id, later + timedelta(hours=1))
    told = measure_named(cast.mia, back.id)
    assert told is not None
    assert told.method == "all_or_nothing"
    (followed,) = followed_items(cast.mia, program, later + timedelta(hours=1))
    assert followed.address == address
