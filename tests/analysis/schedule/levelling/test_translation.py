"""Claims about plans as levelling reads them: what binds, what may not move, who may do it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.analysis.schedule.plans import dated

from headway.analysis.schedule.levelling.answer import Levelled
from headway.analysis.schedule.levelling.level import level
from headway.analysis.schedule.levelling.problem import Budget
from headway.analysis.schedule.levelling.translation import Asked, translate
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers import read_plan
from headway.errors import Invalid, NotFound

TRIES = Budget(schedules=60, seed=0)
HEAD = """
plan: Two for one
start: 2026-01-05
resources: {eng: {capacity: 1}}
items:
"""


def read(text: str) -> Plan:
    return read_plan(text.encode(), "plan.yaml")


def levelled(items: str, head: str = HEAD, **asked: object) -> Levelled:
    return level(read(head + items), Asked(**asked), TRIES)  # type: ignore[arg-type]


def conflicts(answer: Levelled) -> list[tuple[str, str, str]]:
    return [(one.item, one.resource, one.reason) for one in answer.clashes]


def test_two_items_for_one_person_follow_each_other() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}}
"""
    )
    assert answer.makespan_before == 5
    assert answer.makespan == answer.lower_bound == 8
    assert answer.status == "optimal"
    assert answer.clashes == ()
    assert sorted(answer.start.values()) in ([0, 5], [0, 3])


def test_parts_of_a_person_fit_beside_each_other() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 0.5}}
  - {id: B, estimate: 3, needs: {eng: 0.5}}
  - {id: C, estimate: 2, needs: {eng: 0.25}}
"""
    )
    assert answer.makespan == 5
    assert answer.clashes == ()


def test_half_days_are_kept_in_half_days_and_rounded_where_days_are_asked() -> None:
    items = """
  - {id: A, estimate: 2.5, needs: {eng: 1}}
  - {id: B, estimate: 2.5, needs: {eng: 1}}
"""
    fine = levelled(items)
    assert fine.makespan == 5
    assert fine.notes == ()
    coarse = levelled(items, coarse=True)
    assert coarse.makespan == 6
    assert sorted(coarse.start.values()) == [0, 3]
    assert "2 durations are rounded up" in coarse.notes[0]


@pytest.mark.parametrize(
    ("link", "least"),
    [
        ("A", 4),
        ("A +2", 6),
        ("A -1", 3),
        ("A +50%", 6),
        ("A SS +1", 1),
        ("A FF", 2),
        ("A FF +3", 5),
        ("A SF +4", 2),
    ],
)
def test_every_sort_of_link_binds_as_in_the_forecast(link: str, least: float) -> None:
    answer = levelled(
        f"""
  - {{id: A, estimate: 4, needs: {{eng: 0.5}}}}
  - {{id: B, estimate: 2, after: [{link}], needs: {{eng: 0.5}}}}
"""
    )
    assert answer.start["B"] == least == answer.start_before["B"]


def test_elapsed_lags_never_let_work_start_too_soon() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 2, after: [A +2e], needs: {eng: 1}}
"""
    )
    assert answer.start["B"] >= answer.start_before["B"]
    assert "elapsed" in answer.notes[0]


def test_what_has_started_stays_and_what_is_finished_is_past() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, started: 2026-01-05, remaining: 4, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}}
  - {id: C, estimate: 3, started: 2026-01-05, finished: 2026-01-07, needs: {eng: 1}}
""",
        as_of=read(HEAD + "  - {id: A, estimate: 1}").start,
    )
    assert answer.start["A"] == 0
    assert answer.start["B"] == 4
    assert [move.item for move in answer.moves] == ["B"]


def test_nothing_moves_before_the_status_date() -> None:
    answer = levelled(
        "  - {id: A, estimate: 5, needs: {eng: 1}}\n",
        as_of=read(HEAD.replace("01-05", "01-12") + "  - {id: A, estimate: 1}").start,
    )
    assert answer.start["A"] == 5


def test_a_pin_and_a_priority_of_1000_hold() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}, pinned: 2026-01-06}
"""
    )
    assert answer.start["B"] == 1
    assert answer.start["A"] == 4
    never = levelled(
        """
  - {id: A, estimate: 9, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}, priority: 1000}
"""
    )
    assert never.start == {"A": 3, "B": 0}


def test_of_equals_the_higher_priority_goes_first() -> None:
    items = """
  - {{id: A, estimate: 4, needs: {{eng: 1}}, priority: {a}}}
  - {{id: B, estimate: 4, needs: {{eng: 1}}, priority: {b}}}
"""
    assert levelled(items.format(a=400, b=600)).start == {"A": 4, "B": 0}
    assert levelled(items.format(a=600, b=400)).start == {"A": 0, "B": 4}


def test_two_that_may_not_move_stay_in_conflict_and_it_says_when() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}, priority: 1000}
  - {id: B, estimate: 3, needs: {eng: 1}, priority: 1000}
"""
    )
    assert answer.status == "infeasible"
    named = set(conflicts(answer))
    assert named
    assert {item for item, *_ in named} <= {"A", "B"}
    assert {(one.begins, one.ends) for one in answer.clashes} == {(0, 3)}


def test_a_demand_above_all_there_ever_is_stays_and_says_when() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 2}}
  - {id: B, estimate: 3, needs: {eng: 1}, after: [A]}
"""
    )
    assert conflicts(answer) == [("A", "eng", "demand above capacity")]
    assert answer.makespan == 8


def test_within_float_the_finish_stays_and_what_fits_moves() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}}
  - {id: Long, estimate: 10}
""",
        smooth=True,
    )
    assert answer.makespan == answer.makespan_before == 10
    assert answer.clashes == ()
    tight = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}}
""",
        smooth=True,
    )
    assert tight.makespan == tight.makespan_before == 5
    assert {reason for *_, reason in conflicts(tight)} == {"no free capacity within float"}


def test_capacity_that_grows_is_waited_for() -> None:
    answer = levelled(
        "  - {id: A, estimate: 3, needs: {gpu: 4}}\n",
        head="""
plan: Grows
start: 2026-01-05
resources: {gpu: {capacity: {2026-01-05: 2, 2026-01-14: 4}}}
items:
""",
    )
    assert answer.start["A"] == 7
    assert answer.as_json()["start_dates"] == {"A": "2026-01-14"}


def test_a_skill_is_met_by_whoever_has_it() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {label: 1}}
  - {id: B, estimate: 5, needs: {label: 1}}
""",
        head="""
plan: Skills
start: 2026-01-05
resources: {ann: {capacity: 1, skills: [label]}, bob: {capacity: 1, skills: [label]}}
items:
""",
    )
    assert answer.makespan == 5
    assert {next(iter(way)) for way in answer.chosen.values()} == {"ann", "bob"}


def test_only_the_chosen_resources_are_levelled() -> None:
    head = """
plan: Two
start: 2026-01-05
resources: {eng: {capacity: 1}, gpu: {capacity: 1}}
items:
"""
    items = """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}}
  - {id: C, estimate: 4, needs: {gpu: 1}}
  - {id: D, estimate: 4, needs: {gpu: 1}}
"""
    answer = levelled(items, head, resources=("gpu",))
    assert answer.makespan == 8
    assert [load.resource for load in answer.loads] == ["gpu"]
    assert {move.item for move in answer.moves} <= {"C", "D"}
    with pytest.raises(NotFound, match="no resource 'tpu'; there is eng, gpu"):
        levelled(items, head, resources=("tpu",))


def test_deadlines_that_the_plan_keeps_are_kept_or_named() -> None:
    kept = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}, deadline: 2026-01-07}
"""
    )
    assert kept.start == {"A": 3, "B": 0}
    missed = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}, deadline: 2026-01-09}
  - {id: B, estimate: 3, needs: {eng: 1}, deadline: 2026-01-07}
"""
    )
    assert missed.clashes == ()
    assert any("would miss its deadline" in note for note in missed.notes)


def test_a_day_off_of_the_resource_pauses_the_work() -> None:
    answer = levelled(
        "  - {id: A, estimate: 3, needs: {ann: 1}}\n  - {id: B, estimate: 1, after: [A]}\n",
        head="""
plan: Off
start: 2026-01-05
calendars: {four: {weekdays: [mon, tue, wed, thu]}}
resources: {ann: {capacity: 1, calendar: four}}
items:
""".replace("2026-01-05", "2026-01-07"),
    )
    # Wednesday, Thursday, not Friday, Monday; then B on Tuesday.
    told = answer.as_json()
    assert told["start"] == {"A": 0, "B": 4}
    assert told["start_dates"] == {"A": "2026-01-07", "B": "2026-01-13"}
    assert told["moves"] == []


CLOCKS = """
plan: Clocks
start: 2026-01-05
calendars:
  always: {weekdays: [mon, tue, wed, thu, fri, sat, sun]}
  late: {hours: ["13:00-17:00"]}
resources: {gpu: {capacity: 1}, eng: {capacity: 1}, night: {capacity: 1, calendar: late}}
items:
"""


def test_machines_work_on_the_days_that_people_do_not() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {gpu: 1}, calendar: always}
  - {id: B, estimate: 4, needs: {gpu: 1}, calendar: always}
""",
        CLOCKS,
    )
    told = answer.as_json()
    starts = sorted(told["start_dates"].values())  # type: ignore[attr-defined]
    # Monday to Friday, then from Saturday on; or Monday to Thursday, then from Friday on.
    assert starts in (["2026-01-05", "2026-01-10"], ["2026-01-05", "2026-01-09"])
    assert told["finish"] == "2026-01-13"
    assert answer.clashes == ()


@pytest.mark.parametrize(
    "link", ["A", "A +1", "A -1", "A SS +1", "A FF", "A FF +1", "A SF", "A SF +1"]
)
def test_every_sort_of_link_binds_by_the_clocks_of_its_items(link: str) -> None:
    answer = levelled(
        f"""
  - {{id: A, estimate: 2, not_before: 2026-01-06, needs: {{night: 1}}}}
  - {{id: B, estimate: 1, after: [{link}], needs: {{eng: 1}}}}
""",
        CLOCKS,
    )
    assert answer.start == pytest.approx(answer.start_before, abs=1e-3)


def test_half_days_of_one_calendar_take_twice_the_days() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 2, needs: {night: 1}}
  - {id: B, estimate: 1, needs: {night: 1}, after: [A +1]}
  - {id: C, estimate: 1, after: [B +1e]}
""",
        CLOCKS,
    )
    assert answer.start == pytest.approx(answer.start_before, abs=1e-3)
    assert answer.as_json()["start_dates"]["A"] == "2026-01-05"  # type: ignore[index]
    assert answer.makespan == pytest.approx(answer.makespan_before, abs=1e-3)


def test_an_experiment_takes_one_attempt_and_its_fallback_nothing() -> None:
    answer = levelled(
        """
  - {id: E, attempts: {success: 0.6, max: 3, each: 4, else: F}, needs: {eng: 1}}
  - {id: F, estimate: 10, needs: {eng: 1}}
  - {id: A, estimate: 3, needs: {eng: 1}}
"""
    )
    assert answer.makespan == 7


def test_without_an_estimate_there_is_no_answer() -> None:
    with pytest.raises(Invalid, match="has no estimate"):
        levelled("  - {id: A, needs: {eng: 1}}\n")


def test_a_plan_without_needs_says_that_there_is_nothing_to_level() -> None:
    answer = levelled("  - {id: A, estimate: 3}\n")
    assert answer.moves == ()
    assert answer.makespan == answer.lower_bound == 3
    assert "nothing to level" in answer.notes[0]


def test_a_plan_whose_work_is_done_is_answered_too() -> None:
    answer = levelled(
        "  - {id: A, estimate: 3, started: 2026-01-05, finished: 2026-01-07, needs: {eng: 1}}\n"
    )
    assert answer.makespan == 3
    assert answer.clashes == ()


def test_weeks_and_hours_are_cut_where_their_dates_fall() -> None:
    weeks = HEAD.replace("start:", "unit: weeks\nstart:")
    answer = levelled(
        """
  - {id: A, estimate: 1, needs: {eng: 1}}
  - {id: B, estimate: 1, needs: {eng: 1}, not_before: 2026-01-07}
""",
        weeks,
    )
    assert answer.start == {"A": 0, "B": 1}
    hours = HEAD.replace("start:", "unit: hours\nstart:")
    assert levelled("  - {id: A, estimate: 12, needs: {eng: 1}}\n", hours).makespan == 12


def test_the_load_by_week_says_where_too_much_was_asked_for() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 5, needs: {eng: 1}}
  - {id: B, estimate: 3, needs: {eng: 1}}
"""
    )
    load = answer.loads[0]
    assert (load.over_before, load.over_after) == (1, 0)
    assert [(week.before, week.after, week.capacity) for week in load.weeks] == [
        (2, 1, 1),
        (0, 1, 1),
    ]


def test_what_only_waits_for_a_delayed_item_is_not_held_itself() -> None:
    answer = levelled(
        """
  - {id: A, estimate: 9, needs: {eng: 1}}
  - {id: Z, estimate: 9, after: [A]}
  - {id: B, estimate: 3, needs: {eng: 1}}
  - {id: C, estimate: 1, after: [B]}
"""
    )
    held = {move.item: move.is_held for move in answer.moves}
    assert held == {"B": True, "C": False}


def test_the_same_seed_gives_the_same_bits() -> None:
    plan = read(
        HEAD
        + "".join(
            f"  - {{id: I{n}, estimate: {n % 5 + 1}, needs: {{eng: 0.5}}}}\n" for n in range(12)
        )
    )
    first, second = (level(plan, Asked(), TRIES).as_json() for _ in range(2))
    assert first == second


def test_a_search_is_told_each_better_answer_and_may_be_ended() -> None:
    heard: list[float] = []

    def watch(found: Levelled) -> bool:
        heard.append(found.makespan)
        return False

    plan = read(HEAD + "  - {id: A, estimate: 5, needs: {eng: 1}}\n")
    answer = level(plan, Asked(), TRIES, watch)
    assert heard == [5]
    assert answer.makespan == 5


def test_the_translation_keeps_the_plan_as_it_stands_beside() -> None:
    translation = translate(read(HEAD + "  - {id: A, estimate: 5, needs: {eng: 1}}\n"), Asked())
    assert translation.path.duration == 5
    assert translation.early == (0,)


def test_started_work_goes_on_by_its_clock_where_there_are_several() -> None:
    rows = (
        "id: A, estimate: 10, started: 2026-01-05, remaining: 6, needs: {p: 1}",
        "id: B, estimate: 4, calendar: off, needs: {p: 1}",
    )
    more = "calendars: {off: {weekdays: [sat, sun]}}\nresources: {p: {capacity: 1}}"
    found = level(dated(*rows, more=more), Asked(as_of=date(2026, 1, 12)), at_once=True)
    ends = found.translation.times_of(found.found.schedule)[1]
    assert found.translation.frame.time.date_of_finish(ends[0]) == date(2026, 1, 19)
