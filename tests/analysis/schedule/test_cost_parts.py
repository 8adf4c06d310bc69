"""Of what the simulated cost consists: the parts are the whole in every future, to the cent."""

from __future__ import annotations

import numpy as np
from tests.analysis.schedule.plans import dated

from headway.analysis.schedule.cost_parts import cost_parts
from headway.analysis.schedule.simulation import Settings, Simulation, simulate

ROWS = (
    "id: a/labels, kind: annotation, estimate: [5, 10, 30], cost: 4000, needs: {eng: 0.5}",
    "id: a/train, kind: training, estimate: [2, 3, 9], after: a/labels, needs: {eng: 1, gpu: 8}",
    "id: b/report, estimate: [1, 2, 3], cost: 100, after: a/train",
)
MORE = """resources:
  eng: {capacity: 2, rate: 80/hour}
  gpu: {capacity: 8, rate: 2/hour, kind: compute}
risks: [{id: R, probability: 0.3, delays: [a/train], delay: 1, cost: [500, 900, 2000]}]"""


def simulated() -> Simulation:
    return simulate(dated(*ROWS, more=MORE), Settings(trials=500, seed=7))


def test_parts_are_the_whole_in_every_future() -> None:
    simulation = simulated()
    parts = cost_parts(simulation)
    assert list(parts) == ["annotation", "compute", "other", "people", "risks"]
    np.testing.assert_allclose(sum(parts.values()), simulation.cost, rtol=1e-12)
    assert np.all(parts["annotation"] == 4000)
    assert np.all(parts["other"] == 100)
    assert 0 < np.count_nonzero(parts["risks"]) < 500


def test_hours_go_to_the_kind_of_their_resource() -> None:
    simulation = simulated()
    parts = cost_parts(simulation, ["a/train"])
    # Eight machines at 2 beside one person at 80: a fifth of what the person takes, always.
    np.testing.assert_allclose(parts["compute"] * 5, parts["people"])
    assert "risks" not in parts, "of some items only, their risks stand apart"


def test_projects_and_risks_together_are_the_categories() -> None:
    simulation = simulated()
    whole = cost_parts(simulation)
    first = cost_parts(simulation, ["a/labels", "a/train"])
    second = cost_parts(simulation, ["b/report"])
    for name in ("annotation", "compute", "other", "people"):
        both = first.get(name, 0.0) + second.get(name, 0.0)
        np.testing.assert_allclose(both, whole[name])


def test_what_a_task_buys_is_said_by_who_asks() -> None:
    simulation = simulated()
    parts = cost_parts(simulation, bought={"b/report": "vendor", "a/labels": "vendor"})
    assert np.all(parts["vendor"] == 100), "labels are labels, whatever somebody says"
    assert np.all(parts["annotation"] == 4000)
