"""Baselines through the API: the same answers as the pages, and no way to change one."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_decisions import a_plan
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.plans.actions import edit_item, set_baseline

HERE = "/programs/fraud/baselines"
AGREED = {"name": "Approved", "reason": "Agreed."}
THEN = "?" + urlencode({"at": (AT + timedelta(minutes=3)).isoformat()})


@pytest.fixture
def mia(cast: Cast) -> Caller:
    a_plan(cast)
    set_baseline(cast.mia, "fraud", AGREED, AT + timedelta(minutes=1))
    longer = {"remaining": [39, 49, 69]}
    edit_item(cast.bob, ("scores", "label"), longer, AT + timedelta(minutes=2))
    return caller(cast.mia)


@pytest.mark.django_db
class TestBaselines:
    def test_the_variance_and_its_lines_say_what_the_pages_say(self, mia: Caller) -> None:
        found = value_in(mia.send("GET", f"{HERE}/approved/variance{THEN}"))
        assert (found["finish"]["working_days"], found["counts"]["later"]) == (9, 3)
        assert found["is_behind"]
        lines = value_in(mia.send("GET", f"{HERE}/approved/variance-lines{THEN}&status=later"))
        shown = [(line["item"], line["finish_days"], line["grew"]) for line in lines["items"]]
        assert shown == [
            ("scores/label", 9, 9),
            ("scores/report", 9, 0),
            ("scores/train", 9, 0),
        ]

    def test_the_bridge_adds_up(self, mia: Caller) -> None:
        told = value_in(mia.send("GET", f"{HERE}/approved/bridge{THEN}"))
        assert told["problem"] == ""
        assert [line["cause"] for line in told["lines"] if line["cause"] != "rounding"] == [
            "progress"
        ]

    def test_another_is_set_listed_and_made_active(self, mia: Caller) -> None:
        made = value_in(mia.send("POST", HERE, {"name": "Second", "reason": "Change 7."}), 201)
        assert (made["key"], made["state"]) == ("second", "active")
        listed = value_in(mia.send("GET", HERE))["items"]
        assert [(one["key"], one["state"], one["items"]) for one in listed] == [
            ("approved", "kept", {}),
            ("second", "active", {}),
        ]
        back = value_in(mia.send("POST", f"{HERE}/approved/activate", {}))
        assert back["state"] == "active"
        aside = value_in(mia.send("POST", f"{HERE}/second/set-aside", {}))
        assert aside["state"] == "aside"
        problem_in(mia.send("POST", f"{HERE}/approved/set-aside", {}), 409, "conflict")

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_there_is_no_way_to_change_or_remove_one(self, mia: Caller, method: str) -> None:
        assert mia.send(method, f"{HERE}/approved", {"reason": "x"}).status_code == 405

    def test_a_status_that_is_none_is_a_sentence(self, mia: Caller) -> None:
        answer = mia.send("GET", f"{HERE}/approved/variance-lines?status=lost")
        assert "lost" in problem_in(answer, 422, "invalid")["detail"]
