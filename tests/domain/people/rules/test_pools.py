"""Compute pools: quota and reservations as steps, and nothing where nothing is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from headway.domain.people.rules import ResourceFacts
from headway.domain.people.rules.allocations import (
    allocation_key,
    read_share,
    read_skills,
    require_amount,
)
from headway.domain.people.rules.pools import (
    POOL_FIELDS,
    PoolFacts,
    capacity_on,
    quota_calendars,
    reached,
    read_prices,
    read_reservations,
    read_wait,
    read_windows,
    waited,
)
from headway.domain.people.rules.tables import read_rows
from headway.errors import Invalid

ID = UUID(int=0)
GPU = ResourceFacts(
    ID, ID, ID, "gpu", "compute", 4.0, Decimal("2.10"), [["2027-01-01", 6.0]], "", (), 1
)


def pool(**fields: object) -> PoolFacts:
    usual: dict[str, object] = {"machine": "", "market": "on_demand", "prices": {}, "week": {}}
    usual |= {"windows": [], "reservations": [], "preempted": 0.0, "queue_wait": None}
    return PoolFacts(ID, ID, ID, ID, "gpu", **(usual | fields), version=1)  # type: ignore[arg-type]


def test_a_pool_that_says_nothing_leaves_the_resource_as_it_is() -> None:
    assert reached(GPU, None) == reached(GPU, pool()) == GPU
    beside = pool(reservations=read_reservations("reservations", "2026-12-01 2026-12-31 2 1.40"))
    assert list(reached(GPU, beside).steps) == GPU.steps


def test_quota_windows_and_reservations_become_steps_that_end_where_they_end() -> None:
    known = pool(
        windows=read_windows("windows", "2026-12-07 2026-12-20 8"),
        reservations=read_reservations("reservations", "2027-02-01 2027-02-28 2 1.40 adds"),
    )
    assert reached(GPU, known).steps == [
        ["2026-12-07", 8.0],
        ["2026-12-21", 4.0],
        ["2027-01-01", 6.0],
        ["2027-02-01", 8.0],
        ["2027-03-01", 6.0],
    ]
    assert capacity_on(GPU, known, date(2026, 12, 20)) == 8
    assert capacity_on(GPU, pool(reservations=[["2026-12-01", "2026-12-02", 9, "1", False]]),
                       date(2026, 12, 1)) == 9  # fmt: skip


def test_a_week_of_its_own_becomes_a_calendar_that_the_network_may_name() -> None:
    week = POOL_FIELDS["week"]("week", {"weekdays": ["sat", "sun"], "hours": ["0:00-24:00"]})
    known = pool(week=week)
    assert reached(GPU, known).calendar == "gpu (quota)"
    assert quota_calendars([known, pool()])["gpu (quota)"]["weekdays"] == [5, 6]


def test_wait_and_preemption_lengthen_a_range() -> None:
    assert waited([4, 5, 9], pool(queue_wait=[0, 4, 16]), 8.0) == [4, 5.5, 11]
    spot = pool(market="spot", preempted=0.2)
    assert waited([4, 5, 9], spot, 8.0) == [5, 6.25, 11.25]


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (read_windows, "2026-12-20 2026-12-07 8", "on or after"),
        (read_windows, "2026-12-07 8", "write each as"),
        (read_reservations, "2026-12-01 2026-12-31 2 -1", "must be from 0"),
        (read_reservations, "2026-12-01 2026-12-31 nan 1", "finite"),
        (read_prices, {"future": "1"}, "none of"),
        (read_wait, "4/1", "no range"),
        (read_wait, "9/4/1", "ascending"),
        (read_share, "0", "makes no sense"),
        (read_share, "250 %", "makes no sense"),
        (read_share, "inf", "finite"),
        (read_skills, "NLP 3, nlp 2", "stands twice"),
        (read_skills, [["NLP", 9]], "from 0 to 5"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    read: Callable[[str, object], object], value: object, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        read("field", value)


def test_what_people_write_is_read() -> None:
    assert read_prices("prices", "on demand 2.10, spot 0.70") == {
        "on_demand": "2.10",
        "spot": "0.70",
    }
    assert read_wait("wait", "2") == [2, 2, 2]
    assert read_share("share", "50 %") == read_share("share", 0.5) == 0.5
    assert read_skills("skills", "NLP ≥ 3, Python, C++ 2") == [
        ["NLP", 3],
        ["Python", 0],
        ["C++", 2],
    ]


def test_an_amount_is_a_share_or_hours_over_days_in_order() -> None:
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 2)}
    require_amount({**days, "share": 0.5})
    for wrong in ({}, {"share": 0.5, "weekly_hours": 4.0}):
        with pytest.raises(Invalid, match="share"):
            require_amount({**days, **wrong})
    with pytest.raises(Invalid, match="makes no sense"):
        require_amount({"share": 1.0, "starts_on": days["ends_on"], "ends_on": days["starts_on"]})


def test_a_table_is_read_by_its_headings_and_says_what_it_lacks() -> None:
    header = ("Who", "Project", "Share", "From", "To", "Colour")
    rows = read_rows(header, [("dana", "x", "50 %", "2026-12-01", "2026-12-31", "red")], [2])
    assert rows == [(2, {"person": "dana", "project": "x", "share": "50 %",
                         "starts_on": "2026-12-01", "ends_on": "2026-12-31"})]  # fmt: skip
    with pytest.raises(Invalid, match="lacks: last day"):
        read_rows(("who", "from"), [], [])
    with pytest.raises(Invalid, match="Two columns"):
        read_rows(("who", "person", "from", "to"), [], [])
    assert allocation_key("dana", "a/b", date(2026, 12, 1)) == "dana-a-b-2026-12-01"
