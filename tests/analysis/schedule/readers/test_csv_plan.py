from __future__ import annotations

import pytest
from tests.analysis.schedule.plans import plan_of

from headway.analysis.schedule.plan import Estimate, Link, LinkType, Plan
from headway.errors import Invalid

HEADER = "id,name,optimistic,most_likely,pessimistic,after\n"


def _read(rows: str, header: str = HEADER) -> Plan:
    return plan_of(header + rows, "plan.csv")


def test_rows_become_items_that_count_from_zero() -> None:
    plan = _read('A,First,1,2,3,\n\nB,"Second, bigger",,4,,A\nC,,2,2,2,"A SS +1; B"\n')
    assert plan.calendar is None
    assert [item.name for item in plan.items] == ["First", "Second, bigger", ""]
    assert [item.estimate for item in plan.items] == [
        Estimate(1, 2, 3),
        Estimate.certain(4),
        Estimate.certain(2),
    ]
    assert plan.items[2].after == (Link("A", LinkType.SS, 1.0), Link("B"))
    assert [item.line for item in plan.items] == [2, 4, 5]


def test_an_id_with_a_comma_is_tried_as_a_whole_first() -> None:
    plan = _read('"A, B",,,1,,\nC,,,1,,"A, B"\n')
    assert plan.items[1].after == (Link("A, B"),)


def test_many_predecessors_fit_in_a_cell() -> None:
    rows = "".join(f"item-{n},,,1,,\n" for n in range(100))
    plan = _read(rows + f"Z,,,1,,{';'.join(f'item-{n}' for n in range(100))}\n")
    assert len(plan.items[-1].after) == 100


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert _read("A,,,1,,\n", "\ufeff" + HEADER).items[0].id == "A"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the columns are missing"),
        ("id,most_likely,owner\n", "so remove or rename 'owner'"),
        ("id,id,most_likely\n", "remove or rename 'id', 'id'"),
        (HEADER + "A,,1,2,,\n", "item A, line 2: Only optimistic, most_likely is given"),
        (HEADER + "A,,3,2,1,\n", "item A, line 2: Item 'A': estimate [3.0, 2.0, 1.0] is out of"),
        (HEADER + ",,,1,,\n", "row, line 2: The row has no `id`"),
        (HEADER + "A,,,x,,\n", "item A, line 2: `most_likely` is 'x'"),
        (HEADER + "A,,,1,,B\n", "item A, line 2: Item 'A' names 'B'"),
        (HEADER + "A,,,1,,,,,\n", "The row has 9 cells under 6 columns"),
        (HEADER + "A,,,1,,A\n", "waits for itself"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        plan_of(text, "plan.csv")
    told = [str(caught.value), *(f"{p.where}: {p.sentence}" for p in caught.value.problems)]
    assert sentence in "\n".join(told)
