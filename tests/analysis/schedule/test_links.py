from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.schedule.plans import dated, numbers

from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.links import open_ends, out_of_sequence, redundant_links
from headway.analysis.schedule.loops import short_cycles
from headway.analysis.schedule.network import network
from headway.analysis.schedule.passes import forward
from headway.analysis.schedule.plan import Estimate, Item, LagUnit, Link, LinkType, Plan
from headway.analysis.schedule.simulation import frame_of


def _redundant(*items: str) -> list[tuple[str, str]]:
    return [(one.predecessor, one.item) for one in redundant_links(network(numbers(*items)))]


def test_a_link_that_a_longer_way_implies_is_redundant_and_the_way_is_told() -> None:
    found = redundant_links(
        network(
            numbers(
                "id: A, estimate: 1",
                "id: B, estimate: 1, after: A",
                "id: C, estimate: 1, after: B",
                "id: D, estimate: 1, after: [A, C]",
            )
        )
    )
    assert [(one.predecessor, one.item, one.through) for one in found] == [("A", "D", ("B", "C"))]
    assert "A → B → C → D" in found[0].sentence


@pytest.mark.parametrize(
    ("middle", "last", "is_redundant"),
    [
        ("A SS", "[A, B]", False),  # B may end before A does
        ("A FF", "[A, B]", True),  # B ends no earlier than A, and C waits for B's end
        ("A FF", "[A, B SS]", False),
        ("A -1", "[A, B]", False),
        ("A", "[A +2, B]", False),
        ("A +2", "[A +2, B]", True),
        ("A +1", "[A +2, B +1]", True),
        ("A +1", "[A +2, B]", False),
        ("A", "[A SS, B]", True),
        ("A", "[A FF, B]", True),
        ("A", "[A -1, B]", False),
        ("A +50%", "[A, B]", True),
        ("A", "[A +50%, B]", False),
    ],
)
def test_only_what_is_implied_in_every_case_is_redundant(
    middle: str, last: str, is_redundant: bool
) -> None:
    found = _redundant(
        "id: A, estimate: 4", f"id: B, estimate: 1, after: {middle}",
        f"id: C, estimate: 1, after: {last}",
    )  # fmt: skip
    assert found == ([("A", "C")] if is_redundant else [])


def test_of_two_links_that_say_the_same_one_stays() -> None:
    assert _redundant("id: A, estimate: 1", "id: B, estimate: 1, after: [A, A +0%]") == [("A", "B")]


def test_work_that_has_begun_implies_nothing_about_what_came_before_it() -> None:
    items = ("id: A, estimate: 9", "id: B, estimate: 1, after: A, started: 1")
    assert _redundant(*items, "id: C, estimate: 1, after: [A, B]") == []


def test_a_fallback_that_is_not_taken_implies_only_its_experiment() -> None:
    experiment = "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}"
    items = ("id: A, estimate: 9", experiment, "id: F, estimate: 1, after: A")
    assert ("A", "C") not in _redundant(*items, "id: C, estimate: 1, after: [A, F]")


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(2, 7))
    items = []
    for number in range(count):
        links = [
            Link(
                f"I{source}",
                draw(st.sampled_from(LinkType)),
                draw(st.sampled_from((0.0, 0.0, 0.0, 1.0, 2.0, -1.0))),
                draw(st.sampled_from((LagUnit.WORKING, LagUnit.WORKING, LagUnit.PERCENT))),
            )
            for source in range(number)
            if draw(st.booleans())
        ]
        estimate = Estimate.certain(draw(st.sampled_from((0.0, 1.0, 2.5, 4.0))))
        items.append(Item(f"I{number}", estimate=estimate, after=tuple(links)))
    return Plan("P", tuple(items))


@given(_plans())
def test_removing_all_redundant_links_moves_no_date(plan: Plan) -> None:
    gone = {(one.item, one.predecessor) for one in redundant_links(network(plan))}
    items = [
        replace(item, after=tuple(x for x in item.after if (item.id, x.predecessor) not in gone))
        for item in plan.items
    ]
    assert _times(replace(plan, items=tuple(items))) == _times(plan)


def _times(plan: Plan) -> list[tuple[float, float]]:
    frame = frame_of(plan)
    run = forward(frame, most_likely(plan, frame.timings))
    return [(float(a[0]), float(b[0])) for a, b in zip(run.starts, run.finishes, strict=True)]


def test_open_ends_are_told_apart() -> None:
    found = open_ends(
        network(
            numbers(
                "id: A, estimate: 1",
                "id: B, estimate: 1, after: A SS",
                "id: C, estimate: 1, after: B FF",
            )
        )
    )
    assert found.no_predecessor == ("A",)
    assert found.no_successor == ("C",)
    assert found.open_start == ("C",)
    assert found.open_finish == ("A",)


def test_work_that_began_before_what_it_waits_for_is_out_of_sequence() -> None:
    plan = dated(
        "id: A, estimate: 5, started: 2026-01-05",
        "id: B, estimate: 5, after: A, started: 2026-01-07",
        "id: C, estimate: 1, started: 2026-01-05, finished: 2026-01-07",
        "id: D, estimate: 1, after: [C, A SS], started: 2026-01-07",
        "id: E, estimate: 1, after: C, started: 2026-01-06",
        "id: F, estimate: 1, after: A -3, started: 2026-01-07",
    )
    found = out_of_sequence(plan)
    assert [(one.item, one.predecessor) for one in found] == [("B", "A"), ("E", "C")]
    assert (
        "'B' started 2026-01-07 and 'A', which it waits for, has not finished" in found[0].sentence
    )
    assert "before 'C', which it waits for, finished 2026-01-07" in found[1].sentence


def test_each_of_two_cycles_is_named_and_the_short_way_round() -> None:
    #            0 ⇄ 1      2 → 3 → 4 → 2, and 2 ⇄ 4
    predecessors = [[1], [0], [4], [2], [3, 2]]
    assert short_cycles(predecessors) == [(0, 1), (2, 4), (3, 4, 2)]


def test_a_hundred_cycles_are_cut_off() -> None:
    predecessors = [[number ^ 1] for number in range(200)]
    assert len(short_cycles(predecessors)) == 10


def test_a_long_cycle_needs_no_recursion() -> None:
    predecessors = [[(number - 1) % 3_000] for number in range(3_000)]
    (cycle,) = short_cycles(predecessors)
    assert cycle == tuple(range(3_000))
