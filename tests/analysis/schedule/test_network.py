from __future__ import annotations

import pytest
from tests.analysis.schedule.plans import numbers

from headway.analysis.schedule.network import Network, cycles, network
from headway.analysis.schedule.plan import Item, Link, Plan
from headway.errors import Invalid


def _plan(**after: str) -> Plan:
    items = [Item(key, after=tuple(Link(p) for p in before)) for key, before in after.items()]
    return Plan("P", tuple(items))


def _sources(found: Network, item_id: str) -> set[str]:
    into = found.edges[found.ids.index(item_id)]
    return {found.ids[edge.source] for edge in into}


def test_items_come_after_what_they_wait_for() -> None:
    found = network(_plan(D="BC", C="A", B="A", A=""))
    order = [found.ids[number] for number in found.order]
    assert order.index("A") < order.index("B") < order.index("D")
    assert order.index("C") < order.index("D")


def test_a_cycle_is_named_item_by_item() -> None:
    with pytest.raises(Invalid, match=r"waits for itself: B → C → D → B|C → D → B → C|D → B → C"):
        network(_plan(A="", B="AD", C="B", D="C", E="D"))


def test_an_item_after_itself_is_a_cycle() -> None:
    (problem,) = cycles(_plan(A="A"))
    assert "'A' waits for itself: A → A" in problem.sentence


def test_an_unknown_predecessor_is_named() -> None:
    with pytest.raises(Invalid, match=r"Item 'B' names 'X' under `after`"):
        network(_plan(A="", B="X"))


def test_what_waits_for_an_experiment_waits_for_its_fallback_too() -> None:
    experiment = "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}"
    second = "id: F, attempts: {success: 0.5, max: 1, each: 1, else: G}"
    found = network(
        numbers(experiment, second, "id: G, estimate: 3", "id: X, after: E, estimate: 1")
    )
    assert _sources(found, "F") == {"E"}
    assert _sources(found, "G") == {"F"}
    assert _sources(found, "X") == {"E", "F", "G"}


def test_a_fallback_that_waits_for_what_waits_for_it_is_a_cycle() -> None:
    experiment = "id: E, attempts: {success: 0.5, max: 1, each: 1, else: F}"
    with pytest.raises(Invalid, match="waits for itself"):
        numbers(experiment, "id: F, estimate: 3, after: X", "id: X, after: E, estimate: 1")


def test_a_long_chain_needs_no_recursion() -> None:
    items = [Item("0"), *(Item(str(n), after=(Link(str(n - 1)),)) for n in range(1, 5_000))]
    assert network(Plan("P", tuple(items))).order == tuple(range(5_000))
