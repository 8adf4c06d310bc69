"""Each date answers why it is there, and what cannot be kept is told with its chain."""

from __future__ import annotations

from datetime import date

import pytest
from tests.analysis.schedule.plans import dated, numbers, plan_of

from headway.analysis.schedule.critical_path import critical_path, path_of
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import Run, forward
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.pools import pools_of
from headway.analysis.schedule.simulation import frame_of
from headway.analysis.schedule.why import Cause, Why, float_paths, overruns, reasons


def _run(plan: Plan, as_of: date | None = None) -> Run:
    frame = frame_of(plan, as_of)
    return forward(frame, most_likely(plan, frame.timings))


def _why(plan: Plan, item_id: str, as_of: date | None = None) -> Why:
    return reasons(_run(plan, as_of))[item_id]


TODAY = date(2026, 1, 12)


@pytest.mark.parametrize(
    ("item", "as_of", "cause", "said"),
    [
        ("estimate: 2", None, Cause.START, "The plan starts then"),
        ("estimate: 2", TODAY, Cause.STATUS, "starts at the status date"),
        ("estimate: 2, not_before: 2026-01-20", TODAY, Cause.NOT_BEFORE, "before 2026-01-20"),
        ("estimate: 2, pinned: 2026-01-20", None, Cause.PINNED, "pinned to 2026-01-20."),
        ("estimate: 2, started: 2026-01-07", TODAY, Cause.ACTUAL, "started on 2026-01-07"),
        ("estimate: 2, finished: 2026-01-07", TODAY, Cause.ACTUAL, "has been done"),
        ("estimate: 2, after: A", None, Cause.LINK, "starts when A finishes"),
        ("estimate: 2, after: A +2", None, Cause.LINK, "2 working days after A finishes"),
        ("estimate: 2, after: A +1e", None, Cause.LINK, "1 elapsed day after A finishes"),
        ("estimate: 2, after: A SS +50%", None, Cause.LINK, "50 % of its work after A starts"),
        ("estimate: 2, after: A -1", None, Cause.LINK, "1 working day before A finishes"),
        ("estimate: 2, after: A FF", None, Cause.LINK, "as late as it can"),
    ],
)
def test_a_start_says_what_holds_it(item: str, as_of: date | None, cause: Cause, said: str) -> None:
    found = _why(dated("id: A, estimate: 6", f"id: B, {item}"), "B", as_of).start
    assert (found.cause, said in found.sentence) == (cause, True), found.sentence
    assert found.driver == ("A" if cause is Cause.LINK else None)


def test_of_two_predecessors_the_one_that_ends_last_drives() -> None:
    plan = dated("id: A, estimate: 2", "id: B, estimate: 3", "id: C, estimate: 1, after: [A, B]")
    assert _why(plan, "C").start.driver == "B"


def test_a_finish_says_whether_its_work_or_a_link_holds_it() -> None:
    plan = dated("id: A, estimate: 6", "id: B, estimate: 2, after: A FF", "id: C, estimate: 1")
    assert _why(plan, "B").finish.driver == "A"
    assert _why(plan, "C").finish.sentence == "It takes 1 working day from its start."


def test_a_calendar_that_keeps_work_waiting_is_named() -> None:
    plan = plan_of(
        "plan: P\nstart: 2026-01-05\ncalendars:\n  saturdays: {weekdays: [sat]}\nitems:\n"
        "  - {id: A, estimate: 1}\n  - {id: B, estimate: 1, after: A, calendar: saturdays}\n"
    )
    found = _why(plan, "B").start
    assert found.waits_for_calendar
    assert "its calendar 'saturdays' works again on 2026-01-10" in found.sentence


def test_a_resource_that_keeps_work_waiting_is_named() -> None:
    plan = numbers(
        "id: A, estimate: 3, needs: {gpu: 1}", "id: B, estimate: 1, needs: {gpu: 1}",
        more="resources: {gpu: {capacity: 1}}",
    )  # fmt: skip
    frame = frame_of(plan)
    pools = pools_of(plan, frame.network, [0.0, 1.0], 1)
    run = forward(frame, most_likely(plan, frame.timings), pools)
    assert reasons(run)["B"].start == reasons(run)["B"].start
    assert reasons(run)["B"].start.cause is Cause.RESOURCE
    assert reasons(run)["B"].start.driver == "A"


def test_a_fallback_not_taken_says_so() -> None:
    plan = numbers(
        "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}", "id: F, estimate: 3"
    )
    assert _why(plan, "F").start.cause is Cause.FALLBACK


def test_a_pin_before_its_logic_gives_negative_float_with_its_chain() -> None:
    plan = dated(
        "id: A, estimate: 3", "id: B, estimate: 4, after: A",
        "id: C, estimate: 1, after: B, pinned: 2026-01-08",
    )  # fmt: skip
    run = _run(plan)
    path = path_of(run)
    assert path.total_float == {"A": -4.0, "B": -4.0, "C": 0.0}
    (found,) = overruns(run)
    assert (found.kind, found.by, found.chain) == ("pin", 4.0, ("A", "B", "C"))
    assert "'C' is pinned to 2026-01-08, 4 working days before its logic: A → B → C." in (
        found.sentence
    )
    assert "4 working days before B, which it waits for" in reasons(run)["C"].start.sentence


def test_a_pin_holds_its_item_back_without_moving_what_comes_before() -> None:
    plan = dated("id: A, estimate: 3", "id: B, estimate: 1, after: A, pinned: 2026-01-12")
    path = critical_path(frame_of(plan))
    assert path.early_start["B"] == 5.0
    assert path.total_float == {"A": 2.0, "B": 0.0}


def test_deadlines_bind_the_backward_pass_on_request_only() -> None:
    plan = dated(
        "id: A, estimate: 5", "id: B, estimate: 3, after: A, deadline: 2026-01-13",
        "id: C, estimate: 9",
    )  # fmt: skip
    assert critical_path(frame_of(plan)).total_float == {"A": 1.0, "B": 1.0, "C": 0.0}
    held = critical_path(frame_of(plan), deadlines=True)
    assert held.total_float == {"A": -1.0, "B": -1.0, "C": 0.0}
    (found,) = overruns(_run(plan))
    assert found.sentence == ("Item 'B' ends 1 working day after its deadline 2026-01-13: A → B.")


def test_a_target_that_the_likely_dates_miss_is_told() -> None:
    plan = dated("id: A, estimate: 5", "id: B, estimate: 1, after: A", more="target: 2026-01-09")
    (found,) = overruns(_run(plan))
    assert (found.kind, found.by, found.chain) == ("target", 1.0, ("A", "B"))


def test_float_paths_are_numbered_by_their_float() -> None:
    plan = numbers(
        "id: A, estimate: 5", "id: B, estimate: 5, after: A", "id: C, estimate: 4, after: A",
        "id: D, estimate: 2", "id: Z, estimate: 1, after: [B, C, D]",
    )  # fmt: skip
    assert float_paths(_run(plan)) == (("A", "B", "Z"), ("C",), ("D",))


def test_near_critical_work_is_within_three_days_of_the_finish() -> None:
    plan = dated("id: A, estimate: 9", "id: B, estimate: 6", "id: C, estimate: 5")
    path = critical_path(frame_of(plan))
    assert (path.path, path.near) == (("A",), ("B",))
    assert critical_path(frame_of(plan), near_days=4.0).near == ("B", "C")


def test_interfering_float_is_what_successors_would_lose() -> None:
    plan = numbers(
        "id: A, estimate: 2", "id: B, estimate: 2, after: A", "id: C, estimate: 9",
        "id: Z, estimate: 1, after: [B, C]",
    )  # fmt: skip
    path = critical_path(frame_of(plan))
    assert (path.total_float["A"], path.free_float["A"]) == (5.0, 0.0)
    assert path.interfering_float == {"A": 5.0, "B": 0.0, "C": 0.0, "Z": 0.0}


def test_a_fallback_not_taken_gives_nobody_negative_float() -> None:
    plan = numbers(
        "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}",
        "id: A, estimate: 9", "id: F, estimate: 3, after: A", "id: X, estimate: 20, after: E",
    )  # fmt: skip
    assert min(critical_path(frame_of(plan)).total_float.values()) == 0.0
