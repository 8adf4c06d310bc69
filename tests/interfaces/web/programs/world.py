"""A program with a plan, a forecast, promises and evidence, as the pages meet it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.cast import AT, Cast

from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.programs.actions import create_program, create_project, set_criterion
from headway.observation import Observation, SubjectRef

PLAN = b"""
plan: Reading
start: 2026-10-05
target: 2027-02-01
budget: {amount: 90000, currency: USD}
resources: {engineer: {capacity: 2, rate: 95/hour}}
items:
  - {id: LABEL, name: Label the images, estimate: [20, 30, 60], needs: {engineer: 1}}
  - {id: TRAIN, name: Train and compare, estimate: [10, 15, 30], after: [LABEL]}
  - {id: DONE, name: Handover, kind: milestone, after: [TRAIN], deadline: 2027-01-29}
risks:
  - {id: R1, name: Labels come late, probability: 0.4, delays: [LABEL], delay: [5, 10, 30]}
"""


@dataclass(frozen=True, slots=True)
class Pages:
    """Addresses of the pages of the program `control` and its project `reading`."""

    home: str = "/w/acme/"
    programs: str = "/w/acme/programs/"
    program: str = "/w/acme/programs/control/"
    plan: str = "/w/acme/programs/control/plan/"
    project: str = "/w/acme/projects/reading/"
    item: str = "/w/acme/projects/reading/items/LABEL/"


PAGES = Pages()


def a_running_program(cast: Cast) -> None:
    """Fill Acme: planned three weeks ago, forecast today, one evaluation by segment, runs."""
    before = AT - timedelta(days=21)
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, before)
    create_project(cast.mia, "control", {"name": "Reading"}, before)
    import_plan(cast.mia, PLAN, "plan.yaml", before, project="reading")
    values = {
        "name": "Macro recall",
        "subject": "model:reader",
        "metric": "recall",
        "direction": "maximise",
        "target": 0.97,
    }
    set_criterion(cast.mia, "reading", "recall", values, before)
    record_evidence(cast.bob, [an_evaluation(), *(a_run(number) for number in range(3))], AT)
    make_forecast(cast.mia, "control", AT, trials=500)


def an_evaluation() -> Observation:
    """Return recall 0.958 on 540 images, weakest for the digit 3."""
    segments = [
        {"segment": f"digit={digit}", "value": value, "n": 54, "low": None, "high": None}
        for digit, value in ((1, 0.99), (3, 0.906), (8, 0.94))
    ]
    payload = {"metric": "recall", "value": 0.958, "n": 540, "low": 0.94, "high": 0.97}
    shape = {"dataset": "held-out", "split": "test", "segments": segments}
    subject = SubjectRef("model", "reader", "2")
    return Observation(subject, "evaluation", "examples", AT, {**payload, **shape}, None, "reading")


def a_run(number: int) -> Observation:
    """Return a finished run whose recall rises with its number."""
    ended = AT - timedelta(days=9 - number)
    payload = {
        "run_id": f"r{number}",
        "name": f"run {number}",
        "status": "finished",
        "started_at": (ended - timedelta(hours=1)).isoformat(),
        "ended_at": ended.isoformat(),
        "metrics": {"recall": 0.93 + number / 100},
    }
    subject = SubjectRef("run", f"server/r{number}")
    return Observation(subject, "run", "examples", ended, payload, None, "reading")
