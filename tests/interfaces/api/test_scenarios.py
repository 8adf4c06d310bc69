"""Scenarios through the API: written, compared, applied and taken back as on the pages."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_decisions import ASKED, FASTER, a_plan
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.plans.actions import set_decision
from headway.domain.plans.models import WorkItem

HERE = "/programs/fraud/scenarios"
BODY = {"name": "Faster", "changes": FASTER["changes"]}


@pytest.fixture
def mia(cast: Cast) -> Caller:
    a_plan(cast)
    set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT)
    return caller(cast.mia)


@pytest.mark.django_db
class TestScenarios:
    def test_one_is_tried_applied_and_taken_back(self, mia: Caller) -> None:
        made = mia.put(f"{HERE}/b", BODY)
        found = value_in(made)
        assert found["outlook"]["differences"]["finish_p80"]["value"] < 0
        assert found["outlook"]["differences"]["finish_p80"]["is_equal"] is False
        problem_in(mia.put(f"{HERE}/b", {"name": "Other"}), 428, "if-match-needed")
        again = value_in(mia.put(f"{HERE}/b", {"name": "Other"}, etag=made["ETag"]))
        assert (again["name"], again["version"]) == ("Other", 2)
        assert value_in(mia.post(f"{HERE}/b/apply", {}))["state"] == "applied"
        assert WorkItem.objects.get(key="label").remaining == [10, 15, 20]
        assert value_in(mia.post(f"{HERE}/b/undo", {}))["state"] == "open"
        assert WorkItem.objects.get(key="label").remaining == [30, 40, 60]

    def test_an_option_is_tried_beside_it_and_both_are_compared(self, mia: Caller) -> None:
        value_in(mia.put(f"{HERE}/b", BODY))
        asked = {"decision": "vendor-b", "option": "drop"}
        made = value_in(mia.post("/programs/fraud/option-scenarios", asked), 201)
        compared = "/programs/fraud/scenario-comparison"
        found = value_in(mia.get(f"{compared}?keys=b,{made['key']}"))
        assert [one["key"] for one in found["scenarios"]] == ["b", "drop"]
        assert found["plan"]["p80"] > found["scenarios"][0]["outlook"]["own"]["p80"]
        assert mia.get(compared).status_code == 422

    def test_a_change_that_is_none_is_said_by_its_number(self, mia: Caller) -> None:
        wrong = {"name": "X", "changes": [{"item": "scores/labl", "field": "remaining", "now": 1}]}
        told = problem_in(mia.put(f"{HERE}/x", wrong), 422, "invalid")["detail"]
        assert told.startswith("Change 1:")
        assert "scores/label" in told
