"""Work begun before what should come before it: progress override, and retained logic.

The example is that of P6's scheduling options: A (10 days, not finished) before B, which was begun
out of order and has 5 days left. Overridden, B ends 5 days after the data date; retained, 5 days
after A.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.analysis.schedule.plans import dated, numbers, plan_of

from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.levelling.level import level
from headway.analysis.schedule.levelling.translation import Asked
from headway.analysis.schedule.passes import forward
from headway.analysis.schedule.plan import Plan, Progress
from headway.analysis.schedule.readers import read_file, read_plan
from headway.analysis.schedule.simulation import Settings, frame_of, simulate
from headway.analysis.schedule.why import Cause, chain_to, why
from headway.analysis.schedule.writers import write_mspdi, write_yaml

A = "id: A, estimate: 10, started: 2026-01-05, remaining: 6"
B = "id: B, estimate: 9, after: A, started: 2026-01-08, remaining: 5"
NOW = date(2026, 1, 12)


def ends(plan: Plan, as_of: date | float | None = NOW) -> list[float]:
    frame = frame_of(plan, as_of)
    run = forward(frame, most_likely(plan, frame.timings))
    return [float(finish[0]) for finish in run.finishes]


def test_overridden_work_goes_on_and_retained_work_waits() -> None:
    over, retained = dated(A, B), dated(A, B, more="progress: retained")
    assert over.progress is Progress.OVERRIDE
    assert ends(over) == [11.0, 10.0]
    assert ends(retained) == [11.0, 16.0]
    assert ends(replace(retained, progress=Progress.OVERRIDE)) == ends(over)


def test_what_was_begun_in_order_is_the_same_either_way() -> None:
    rows = ("id: A, estimate: 3, finished: 2026-01-07", B, "id: C, estimate: 2, after: [A, B]")
    assert ends(dated(*rows)) == ends(dated(*rows, more="progress: retained"))


def test_every_link_to_the_start_holds_the_rest_with_its_lag() -> None:
    rows = (
        "id: A, estimate: 4",
        "id: B, estimate: 9, after: [A SS +2], started: 0, remaining: 1",
        "id: C, estimate: 9, after: [A FF], started: 0, remaining: 1",
    )
    assert ends(numbers(*rows, more="progress: retained"), 3.0) == [7.0, 6.0, 7.0]


def test_what_it_has_taken_so_far_is_not_done_again() -> None:
    rows = ("id: A, estimate: 4", "id: B, estimate: 9, after: A, started: 0")
    plan = numbers(*rows, more="progress: retained")
    assert ends(plan, 3.0) == [7.0, 13.0]  # three days of nine are done by day 3
    run = forward(frame_of(plan, 3.0), most_likely(plan, frame_of(plan, 3.0).timings))
    assert float(run.lasting[1][0]) == 9.0


def test_the_path_leads_through_what_holds_the_rest_and_says_so() -> None:
    plan = dated(A, B, more="progress: retained")
    frame = frame_of(plan, NOW)
    path = critical_path(frame)
    assert path.longest == ("A", "B")
    assert path.total_float == {"A": 0.0, "B": 0.0}
    run = forward(frame, most_likely(plan, frame.timings))
    told = why(run, 1).finish
    assert (told.cause, told.driver) == (Cause.LINK, "A")
    assert "its rest goes on when A finishes" in told.sentence
    assert chain_to(run, 1) == (0, 1)
    over = frame_of(dated(A, B), NOW)
    assert critical_path(over).total_float == {"A": 0.0, "B": 1.0}


def test_calendars_hold_the_rest_by_its_own_clock() -> None:
    weekend = "calendars: {off: {weekdays: [sat, sun]}}\nprogress: retained"
    plan = dated(A, B.replace("remaining: 5", "remaining: 4, calendar: off"), more=weekend)
    frame = frame_of(plan, NOW)
    run = forward(frame, most_likely(plan, frame.timings))
    days = [frame.time.date_of_finish(float(finish[0])) for finish in run.finishes]
    assert days == [date(2026, 1, 19), date(2026, 2, 1)]
    path = critical_path(frame)
    assert path.longest == ("A", "B")
    assert path.total_float["A"] == pytest.approx(4.0)  # A may end by Friday: B goes on a Saturday


def test_levelling_holds_the_rest_behind_what_it_moves() -> None:
    rows = (
        "id: X, estimate: 3, needs: {p: 1}, priority: 900",
        "id: A, estimate: 4, needs: {p: 1}",
        "id: B, estimate: 9, after: A, started: 0, remaining: 5",
    )
    more = "resources: {p: {capacity: 1}}\nprogress: retained"
    found = level(numbers(*rows, more=more), Asked(as_of=2.0), at_once=True)
    assert found.makespan >= 2.0 + 4.0 + 5.0
    last = found.translation.times_of(found.found.schedule)[1]
    assert last[2] == last[1] + 5.0
    assert found.start["B"] == 0.0


def test_the_simulation_is_never_sooner_and_says_when_it_never_ends() -> None:
    rows = (
        "id: A, attempts: {success: 0.5, max: 1, each: [2, 3, 5]}",
        "id: B, estimate: [6, 8, 12], after: A, started: 0",
    )
    asked = Settings(trials=500, as_of=2.0)
    over, retained = (
        simulate(numbers(*rows, more=f"progress: {word}"), asked) for word in Progress
    )
    assert (retained.run.finishes[1] >= over.run.finishes[1]).all()
    assert np.isinf(retained.run.finishes[1]).any()
    np.testing.assert_array_equal(retained.run.lasting[1], over.run.lasting[1])


def test_files_carry_it() -> None:
    plan = dated(A, B, more="progress: retained")
    assert read_plan(write_yaml(plan).data, "p.yaml").progress is Progress.RETAINED
    written = write_mspdi(plan, NOW).data
    assert b"<SplitsInProgressTasks>1<" in written
    assert read_file(written, "p.xml").plan.progress is Progress.RETAINED
    assert read_file(write_mspdi(dated(A, B), NOW).data, "p.xml").plan.progress is Progress.OVERRIDE
    with pytest.raises(Exception, match="override, retained"):
        plan_of("plan: P\nprogress: sideways\ncalendar: none\nitems: [{id: A, estimate: 1}]")
