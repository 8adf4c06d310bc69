"""Programs and everything below them through the API: made, read, changed, taken away."""

from __future__ import annotations

import pytest
from tests.cast import Cast
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, who manages, with a token for everything."""
    return caller(cast.mia)


@pytest.fixture
def planned(mia: Caller) -> Caller:
    """Mia again, with a program of one project and two items."""
    program = {"name": "Automation", "target": "2027-03-31", "currency": "EUR"}
    value_in(mia.post("/programs", program), 201)
    value_in(mia.post("/programs/automation/projects", {"name": "Meter reading"}), 201)
    for key, days in (("collect", [3, 5, 9]), ("train", [2, 4, 12])):
        item = {"key": key, "name": key.title(), "estimate": days}
        value_in(mia.post("/projects/meter-reading/items", item), 201)
    return mia


def test_a_program_is_made_read_and_changed(mia: Caller) -> None:
    made = mia.post("/programs", {"name": "Automation", "currency": "EUR"})
    assert value_in(made, 201)["slug"] == "automation"
    read = mia.get("/programs/automation")
    assert read["ETag"] == made["ETag"]
    changed = mia.patch("/programs/automation", {"purpose": "Fewer visits"}, read["ETag"])
    assert (value_in(changed)["purpose"], value_in(changed)["version"]) == ("Fewer visits", 2)
    assert changed["ETag"] != read["ETag"]


def test_what_is_not_sent_stays_and_null_empties(mia: Caller) -> None:
    body = {"name": "Automation", "target": "2027-03-31", "manager": "mia"}
    etag = mia.post("/programs", body)["ETag"]
    changed = value_in(mia.patch("/programs/automation", {"target": None}, etag))
    assert (changed["target"], changed["manager"]) == (None, "mia")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"nome": "x"}, "/nome"),
        ({"name": 5}, "/name"),
        ({"target": "soon"}, "/target"),
        ({}, "/name"),
    ],
)
def test_a_wrong_field_is_pointed_at(mia: Caller, body: object, where: str) -> None:
    problem = problem_in(mia.post("/programs", body), 422, "invalid")
    assert where in [error["pointer"] for error in problem["errors"]]


def test_a_value_that_does_not_fit_is_a_sentence(mia: Caller) -> None:
    problem = problem_in(mia.post("/programs", {"name": "X", "currency": "euro"}), 422, "invalid")
    assert "ISO 4217" in problem["detail"]


def test_a_name_that_is_taken_is_a_conflict(mia: Caller) -> None:
    value_in(mia.post("/programs", {"name": "Automation"}), 201)
    problem_in(mia.post("/programs", {"name": "Automation"}), 409, "conflict")


def test_lists_are_pages_by_slug(mia: Caller) -> None:
    for name in ("C", "A", "B"):
        value_in(mia.post("/programs", {"name": name}), 201)
    first = value_in(mia.get("/programs?limit=2"))
    rest = value_in(mia.get(f"/programs?limit=2&cursor={first['next']}"))
    slugs = [row["slug"] for row in [*first["items"], *rest["items"]]]
    assert (slugs, rest["next"]) == (["a", "b", "c"], None)


def test_a_criterion_is_set_changed_and_removed(planned: Caller) -> None:
    path = "/projects/meter-reading/criteria/accuracy"
    body = {"subject": "model:meter-reading", "metric": "accuracy", "target": 0.9}
    made = planned.put(path, body)
    assert value_in(made)["direction"] == "maximise"
    problem_in(planned.put(path, {"target": 0.95}), 428, "if-match-needed")
    changed = planned.put(path, {"target": 0.95}, made["ETag"])
    assert value_in(changed)["target"] == 0.95
    problem_in(planned.delete(path, made["ETag"]), 412, "changed-meanwhile")
    assert planned.delete(path, changed["ETag"]).status_code == 204
    problem_in(planned.get(path), 404, "not-found")
    problem_in(planned.put(path, body, changed["ETag"]), 412, "changed-meanwhile")


def test_items_are_planned_linked_and_forecast(planned: Caller) -> None:
    waits = {"predecessor": "meter-reading/collect"}
    path = "/projects/meter-reading/items/train/dependencies"
    assert value_in(planned.post(path, waits))["after"] == ["collect"]
    circle = {"predecessor": "meter-reading/train"}
    refused = planned.post("/projects/meter-reading/items/collect/dependencies", circle)
    assert refused.status_code in {409, 422}
    forecast = value_in(planned.post("/programs/automation/forecasts", {"trials": 500}))
    assert forecast["answer"]["finish_dates"]["p80"] > forecast["answer"]["finish_dates"]["p50"]
    assert value_in(planned.get("/programs/automation/forecast"))["id"] == forecast["id"]
    [listed] = value_in(planned.get("/programs/automation/forecasts"))["items"]
    assert listed["id"] == forecast["id"]
    lines = value_in(planned.get("/programs/automation/items"))["items"]
    assert [line["item"]["key"] for line in lines] == ["collect", "train"]
    assert lines[1]["p80"] is not None
    etag = planned.get("/projects/meter-reading/items/train")["ETag"]
    assert planned.delete(f"{path}/meter-reading/collect", etag).status_code == 204


def test_an_item_is_changed_and_its_history_kept(planned: Caller) -> None:
    path = "/projects/meter-reading/items/train"
    read = planned.get(path)
    value_in(planned.patch(path, {"remaining": [1, 2, 3], "started": "2026-11-02"}, read["ETag"]))
    history = value_in(planned.get(f"{path}/history"))["items"]
    assert [line["item"]["remaining"] for line in history][-1] == [1, 2, 3]
    etag = planned.get(path)["ETag"]
    assert planned.delete(path, etag).status_code == 204
    problem_in(planned.get(path), 404, "not-found")


def test_money_is_exact_text(planned: Caller) -> None:
    path = "/programs/automation/budget/cloud"
    made = planned.put(path, {"amount": "1200.10", "purpose": "budget", "category": "compute"})
    assert value_in(made)["amount"] == "1200.10"
    budget = value_in(planned.get("/programs/automation/budget"))
    assert (budget["currency"], budget["total"], budget["spent"]) == ("EUR", "1200.10", None)
    assert planned.delete(path, made["ETag"]).status_code == 204


def test_a_risk_with_any_name_is_set_and_closed(planned: Caller) -> None:
    path = "/programs/automation/risks/labels late / north"
    made = planned.put(path, {"name": "Labels late", "probability": 0.3, "delay": [2, 5, 15]})
    assert value_in(made)["key"] == "labels late / north"
    effects = {"risk": "labels late / north", "items": ["meter-reading/train"]}
    value_in(planned.post("/programs/automation/risk-effects", effects))
    closed = planned.put(path, {"state": "closed"}, made["ETag"])
    assert value_in(closed)["state"] == "closed"


def test_a_risk_takes_time_out_of_the_calendar(planned: Caller) -> None:
    path = "/programs/automation/risks/freeze"
    body = {"probability": 1, "closes_days": [2, 5, 10], "closes_from": "2026-12-21"}
    problem_in(planned.put(path, body), 422, "invalid")
    told = value_in(planned.put(path, {**body, "closes_to": "2027-01-08"}))
    assert told["closes_days"] == [2, 5, 10]
    assert (told["closes_from"], told["closes_to"]) == ("2026-12-21", "2027-01-08")


def test_people_and_resources_are_set(planned: Caller) -> None:
    value_in(planned.put("/people/bob", {"name": "Bob", "role": "Engineer"}))
    assert [row["key"] for row in value_in(planned.get("/people"))["items"]] == ["bob"]
    week = {"weekdays": ["mon", "tue"], "hours": ["09:00-13:00"], "zone": "Europe/Berlin"}
    sent = {"schedule": week, "absences": [["2026-12-21", "2027-01-03"]]}
    told = planned.put("/people/bob/working-time", sent)
    assert value_in(told)["absences"] == [["2026-12-21", "2027-01-03"]]
    held = planned.get("/people/bob/working-time")
    again = {name: value_in(held)[name] for name in ("schedule", "changes", "absences")}
    same = planned.put("/people/bob/working-time", again, etag=held["ETag"])
    assert value_in(same)["version"] == 1
    path = "/programs/automation/resources/ML engineers"
    made = planned.put(path, {"kind": "people", "capacity": 2, "rate": "600"})
    need = {"resource": "ML engineers", "units": 1}
    value_in(planned.post("/projects/meter-reading/items/train/needs", need))
    assert value_in(planned.put(path, {"capacity": 3}, made["ETag"]))["capacity"] == 3


def test_a_system_and_its_release_go_through_the_stages(planned: Caller) -> None:
    value_in(planned.post("/systems", {"name": "Meter reading"}), 201)
    release = planned.post("/systems/meter-reading/releases", {"name": "3"})
    stages = value_in(release, 201)["stages"]
    path = f"/releases/{value_in(release, 201)['id']}"
    moved = planned.put(f"{path}/stage", {"to_stage": stages[1]["id"]}, release["ETag"])
    assert value_in(moved)["stage"] == stages[1]["id"]
    [move] = value_in(planned.get(f"{path}/moves"))["items"]
    assert move["is_back"] is False


def test_stage_templates_are_edited(planned: Caller) -> None:
    stages = [{"id": "build", "name": "Build"}, {"id": "live", "name": "Live"}]
    made = planned.post("/stage-templates", {"name": "Short", "stages": stages})
    path = f"/stage-templates/{value_in(made, 201)['id']}"
    changed = planned.put(path, {"stages": stages[::-1]}, made["ETag"])
    assert [stage["id"] for stage in value_in(changed)["stages"]] == ["live", "build"]


def test_an_objective_is_set(planned: Caller) -> None:
    path = "/programs/automation/objectives/o1"
    made = planned.put(path, {"name": "Half the visits"})
    assert value_in(made)["name"] == "Half the visits"
    value_in(planned.put(path, {"name": "A third"}, made["ETag"]))
    assert len(value_in(planned.get("/programs/automation/objectives"))["items"]) == 1


def test_health_says_why_and_a_person_may_say_more(planned: Caller) -> None:
    health = value_in(planned.get("/programs/automation/health"))
    assert set(health["dimensions"]) == {
        "schedule", "cost", "quality", "data", "risk", "compliance",
    }  # fmt: skip
    assert all(one["sentence"] for one in health["dimensions"].values())
    project = value_in(planned.get("/projects/meter-reading/health"))
    assert project["project"]["slug"] == "meter-reading"
    words = {"dimension": "quality", "words": "The labels of site north are bad."}
    judgement = value_in(planned.post("/programs/automation/judgements", words), 201)
    assert planned.post(f"/judgements/{judgement}/withdraw").status_code == 204
    assert value_in(planned.get("/shifts"))["next"] is None


def test_a_report_is_frozen_with_its_data_date(planned: Caller) -> None:
    made = value_in(planned.post("/programs/automation/reports", {}), 201)
    [listed] = value_in(planned.get("/programs/automation/reports"))["items"]
    assert listed == made
    read = value_in(planned.get(f"/programs/automation/reports/{made['number']}"))
    assert read["digest"] == made["digest"]


def test_a_source_is_connected_and_never_shows_its_secret(planned: Caller) -> None:
    body = {"kind": "mlflow", "name": "lab", "url": "https://mlflow.example.org", "secret": "s3"}
    made = planned.post("/sources", body)
    assert value_in(made, 201)["has_secret"] is True
    assert b"s3" not in made.content
    moved = planned.put("/sources/lab", {"url": "https://other.example.org"}, made["ETag"])
    assert value_in(moved)["has_secret"] is False
    assert value_in(planned.post("/sources/lab/sync"))["is_waiting"] is True
    assert value_in(planned.post("/sources/lab/disconnect"))["is_enabled"] is False


def test_the_brief_and_the_bridge_say_the_same(cast: Cast) -> None:
    mia = caller(cast.mia)
    value_in(mia.post("/programs", {"name": "Fraud", "target": "2027-06-30"}), 201)
    value_in(mia.post("/programs/fraud/projects", {"name": "Scores"}), 201)
    item = {"key": "a", "name": "Train", "estimate": [20, 30, 80]}
    value_in(mia.post("/projects/scores/items", item), 201)
    since = "2001-01-01T00:00:00Z"
    brief = value_in(mia.get(f"/programs/fraud/brief?since={since}"))
    bridge = value_in(mia.get(f"/programs/fraud/bridge?since={since}"))
    assert "nothing before" in brief["problem"]
    assert (brief["problem"], brief["bridge"]) == (bridge["problem"], bridge["lines"])
    assert brief["decisions"] == []


def test_what_waits_on_others_is_written_confirmed_and_closed(cast: Cast) -> None:
    mia = caller(cast.mia)
    value_in(mia.post("/programs", {"name": "Fraud", "target": "2027-06-30"}), 201)
    value_in(mia.post("/programs/fraud/projects", {"name": "Scores"}), 201)
    item = {"key": "a", "name": "Train", "estimate": [20, 30, 80]}
    value_in(mia.post("/projects/scores/items", item), 201)
    steps = [{"who": "noor", "after_days": 0}]
    body = {"name": "No access", "items": ["scores/a"], "escalation": steps}
    made = mia.put("/programs/fraud/blockers/access", body)
    blocker = value_in(made)
    assert blocker["blocker"]["escalation"] == steps
    assert blocker["items"][0]["address"] == "scores/a"
    assert [week["weeks"] for week in blocker["outlook"]["weeks"]] == [1, 2, 4]
    assert mia.put("/programs/fraud/blockers/access", {"owner": "x"}).status_code == 428
    assert (
        mia.put("/programs/fraud/blockers/access", {"owner": "x"}, made["ETag"]).status_code == 200
    )
    assert (
        mia.put("/programs/fraud/blockers/access", {"owner": "y"}, made["ETag"]).status_code == 412
    )
    given = {"name": "Labels", "giver": "Vendor B", "items": ["scores/a"]}
    promise = value_in(mia.put("/programs/fraud/promises/labels", given))
    assert promise["needed_by"] is not None
    assert promise["float_days"] is None
    day = promise["needed_by"]
    confirmed = {"by": "R. Voss", "promised": day}
    held = value_in(mia.post("/programs/fraud/promises/labels/confirm", confirmed))
    assert (held["float_days"], held["promise"]["confirmed_by"]) == (0, "R. Voss")
    late = {"name": "Ask", "due": "2001-01-01"}
    value_in(mia.put("/programs/fraud/actions/ask", late))
    brief = value_in(mia.get("/programs/fraud/brief?since=2001-01-01T00:00:00Z"))
    assert [row["key"] for row in brief["blockers"]] == ["access"]
    assert brief["blockers"][0]["escalated_to"] == "noor"
    assert [row["key"] for row in brief["actions"]] == ["ask"]
    assert [row["float_days"] for row in brief["promises"]] == [0]
    value_in(mia.post("/programs/fraud/blockers/access/close", {"how": "They did."}))
    value_in(mia.post("/programs/fraud/actions/ask/close", {"state": "done"}))
    again = mia.post("/programs/fraud/actions/ask/close", {"state": "done"})
    assert again.status_code == 409
    value_in(mia.post("/programs/fraud/promises/labels/close", {"state": "kept"}))
    brief = value_in(mia.get("/programs/fraud/brief?since=2001-01-01T00:00:00Z"))
    assert (brief["blockers"], brief["actions"], brief["promises"]) == ([], [], [])


def test_an_assumption_is_set_settled_and_opened_again(cast: Cast) -> None:
    mia = caller(cast.mia)
    value_in(mia.post("/programs", {"name": "Fraud"}), 201)
    there = "/programs/fraud/assumptions/labels"
    assert mia.put(there, {"name": "x", "bound": 0.5}).status_code == 422
    value_in(mia.put(there, {"name": "Labels stay good", "review_on": "2026-12-01"}))
    assert value_in(mia.post(f"{there}/close", {"state": "failed", "note": "No."}))["note"] == "No."
    assert value_in(mia.post(f"{there}/reopen", {}))["state"] == "open"
    listed = value_in(mia.get("/programs/fraud/assumptions"))
    assert [row["key"] for row in listed["items"]] == ["labels"]


def test_a_plan_is_scored_before_it_is_simulated(planned: Caller) -> None:
    told = value_in(planned.get("/programs/automation/plan-check"))
    assert 0 < told["score"] <= 100
    assert told["fit"] is True
    loose = {"key": "loose", "name": "Loose"}
    value_in(planned.post("/projects/meter-reading/items", loose), 201)
    worse = value_in(planned.get("/programs/automation/plan-check"))
    assert worse["fit"] is False
    (finding,) = [one for one in worse["findings"] if one["severity"] == "error"]
    assert finding["items"] == ["meter-reading/loose"]


def test_a_program_without_a_plan_has_no_score(mia: Caller) -> None:
    value_in(mia.post("/programs", {"name": "Automation"}), 201)
    problem_in(mia.get("/programs/automation/plan-check"), 404, "not-found")
